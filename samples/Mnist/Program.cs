System.Console.WriteLine("LeNet-5");
