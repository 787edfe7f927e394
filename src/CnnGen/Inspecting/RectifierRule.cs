namespace CnnGen;

/// <summary>How a gradient passes a ReLU on its way back to the image.</summary>
public enum RectifierRule
{
    /// <summary>As calculus has it: where the ReLU's result is positive.</summary>
    Gradient,

    /// <summary>Where both the result and the gradient are positive: guided backpropagation (Springenberg et al. 2015, section 3.4).</summary>
    Guided,

    /// <summary>Where the gradient is positive, whatever the result was: the deconvolutional network (Zeiler and Fergus 2014, section 2.1).</summary>
    Deconvolution,
}
