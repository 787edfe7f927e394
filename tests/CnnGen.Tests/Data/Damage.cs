namespace CnnGen.Tests.Data;

/// <summary>Damages files at random.</summary>
internal static class Damage
{
    /// <summary>A copy with a few bytes flipped, set, doubled or left out, or with its end cut off.</summary>
    public static byte[] Apply(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var edits = random.Next(1, 4); edits > 0 && bytes.Count > 0; edits--)
        {
            // Half of the edits near the start, where the headers are.
            var at = random.Next(random.Next(2) == 0 ? bytes.Count : Math.Min(bytes.Count, 24));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    // A character that means something in JSON.
                    bytes[at] = (byte)"{}[]\",:\\-.0189eu"[random.Next(16)];
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    bytes.Insert(at, bytes[random.Next(bytes.Count)]);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return bytes.ToArray();
    }
}
