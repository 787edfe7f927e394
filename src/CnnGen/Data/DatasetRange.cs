namespace CnnGen;

/// <summary>A run of images of another data set.</summary>
internal sealed class DatasetRange : ImageDataset
{
    private readonly ImageDataset _source;
    private readonly int _start;

    public DatasetRange(ImageDataset source, int start, int count)
        : base(source.Shape, source.ClassCount, count)
    {
        _source = source;
        _start = start;
        ClassNames = source.ClassNames;
    }

    public override bool IsInMemory => _source.IsInMemory;

    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        _source.CopyImage(_start + index, destination, normalization);
    }

    public override int GetLabel(int index)
    {
        CheckIndex(index);
        return _source.GetLabel(_start + index);
    }

    public override void CopyTarget(int index, Span<float> destination)
    {
        CheckIndex(index);
        _source.CopyTarget(_start + index, destination);
    }

    public override int RegionCount => _source.RegionCount;

    public override void CopyRegions(int index, Span<float> destination)
    {
        CheckIndex(index);
        _source.CopyRegions(_start + index, destination);
    }

    public override ImageDataset Subset(int start, int count)
    {
        CheckRange(start, count);
        return new DatasetRange(_source, _start + start, count);
    }
}
