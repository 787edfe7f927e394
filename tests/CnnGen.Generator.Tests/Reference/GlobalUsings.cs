// The run-time's enums of the same names (CnnGen.Rounding) are nearer to this namespace than any using of a file.
global using ConvolutionAlgorithm = CnnGen.Generator.Shapes.ConvAlgorithm;
global using WindowRounding = CnnGen.Generator.Shapes.Rounding;
global using LossNumbers = CnnGen.Generator.Shapes.LossSettings;
global using PaddingKind = CnnGen.Generator.Layers.PadMode;
global using ResizeKind = CnnGen.Generator.Layers.UpsampleMode;
global using FilterNames = CnnGen.Generator.Layers.FilterKind;
