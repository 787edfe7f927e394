namespace CnnGen;

/// <summary>
/// Changes an image each time it is trained on (a shift, a flip, noise). Called from several threads at once, for different images.
/// </summary>
/// <param name="image">The image as the model reads it (bytes are normalised already), C x H x W floats, to be changed in place.</param>
/// <param name="index">The image's number in the data set.</param>
/// <param name="seed">
/// All chance must come from this number, which the trainer's seed, the epoch and the image decide: then training gives the same bits again.
/// </param>
public delegate void ImageAugmentation(Span<float> image, int index, ulong seed);
