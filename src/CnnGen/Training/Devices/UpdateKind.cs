namespace CnnGen.Runtime;

/// <summary>What is done to a weight in one pass over all of them; <see cref="IUpdateRule"/> has the formulas. A device has a kernel for each.</summary>
internal enum UpdateKind
{
    Sgd,
    SgdMomentum,
    Adagrad,
    RmsProp,
    Adam,
    Nadam,
    Lion,
    Lookahead,
    Lars,
    LambDirection,
    LambStep,
    MuonMomentum,
}
