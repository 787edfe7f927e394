using CnnGen.Generator.Graph;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>A prediction that ends at one node: that of the outputs at the network's last one, that of a layer's features there.</summary>
internal sealed class PlanPrediction
{
    public PlanPrediction(Node end, PlanProgram program)
    {
        End = end;
        Arena = new ArenaLayout(program, ModelPlan.PredictionBlock);
        Program = WithoutNeedlessClears(program, Arena);
    }

    /// <summary>The node whose numbers the caller gets.</summary>
    public Node End { get; }

    public PlanProgram Program { get; }

    /// <summary>Where its buffers lie.</summary>
    public ArenaLayout Arena { get; }

    /// <summary>The floats of one image that the caller gets.</summary>
    public int OutputLength => checked((int)End.OutputShape.Length);

    /// <summary>What is called: the images' part, and what prepares the parameters for it.</summary>
    public IEnumerable<Step> Steps => Program.Steps.Concat(Program.Preparation.Select(region => region.Step));

    /// <summary>A halo whose memory nothing else uses stays as zero as it was allocated.</summary>
    private static PlanProgram WithoutNeedlessClears(PlanProgram program, ArenaLayout arena)
    {
        return program with { Regions = [.. program.Regions.Select(Filter)] };

        Region Filter(Region region) => region is Region.Chunks chunks
            ? new Region.Chunks([.. chunks.Steps.Where(step => !IsNeedless(step))])
            : region;

        bool IsNeedless(Step step) => step.Call.Kernel is ClearHaloKernel
            && step.Call.Arguments[0] is Argument.Buffer buffer
            && !arena.SharesMemory(buffer.Memory);
    }
}
