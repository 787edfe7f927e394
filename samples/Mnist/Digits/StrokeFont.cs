using static MnistSample.Digits.Stroke;

namespace MnistSample.Digits;

/// <summary>How people write the ten digits: several forms of each, on a field about one high and two thirds wide.</summary>
internal static class StrokeFont
{
    /// <summary>The forms of each digit; a form is its strokes.</summary>
    public static readonly Stroke[][][] Forms =
    [
        [ // 0
            [Curve(.35f, 0, .08f, .2f, 0, .5f, .1f, .82f, .35f, 1, .6f, .82f, .7f, .5f, .62f, .18f, .35f, 0)],
            [Curve(.5f, .06f, .25f, .02f, .05f, .25f, 0, .6f, .2f, .95f, .45f, .97f, .66f, .65f, .62f, .25f, .4f, 0, .25f, .08f)], // ends meet past each other
            [Curve(.24f, 0, .04f, .25f, .02f, .7f, .2f, 1, .4f, .75f, .44f, .3f, .24f, 0)], // narrow
        ],
        [ // 1
            [Line(0, 0, 0, 1)],
            [Curve(.02f, 0, 0, .35f, .03f, .7f, 0, 1)],
            [Line(-.22f, .2f, 0, 0, 0, 1)], // flag
            [Line(-.22f, .2f, 0, 0, 0, 1), Line(-.25f, 1, .25f, 1)], // flag and foot
        ],
        [ // 2
            [Curve(.02f, .22f, .12f, .05f, .35f, 0, .6f, .1f, .62f, .32f, .4f, .6f, 0, 1), Line(0, 1, .68f, 1)],
            [Curve(.02f, .2f, .15f, .03f, .4f, 0, .6f, .15f, .58f, .38f, .35f, .7f, .12f, .95f, 0, .9f, .06f, .78f, .22f, .84f, .42f, .97f, .7f, .93f)], // loop
            [Curve(0, .08f, .3f, 0, .55f, .1f, .5f, .35f, 0, .95f), Curve(0, .95f, .3f, .92f, .65f, 1)], // like a Z
        ],
        [ // 3
            [Curve(.02f, .12f, .3f, 0, .55f, .1f, .58f, .3f, .42f, .45f, .22f, .48f), Curve(.22f, .48f, .5f, .52f, .66f, .72f, .5f, .95f, .22f, 1, 0, .88f)],
            [Line(.05f, 0, .6f, 0, .28f, .4f), Curve(.28f, .4f, .55f, .45f, .66f, .7f, .5f, .95f, .22f, 1, 0, .88f)], // flat top
            [Curve(.05f, .1f, .35f, 0, .56f, .16f, .45f, .38f, .22f, .5f, .14f, .44f, .24f, .4f, .5f, .55f, .62f, .76f, .4f, .98f, 0, .92f)], // loop at the waist
        ],
        [ // 4
            [Line(.12f, 0, 0, .55f, .66f, .55f), Line(.5f, .2f, .45f, 1)], // open
            [Line(.1f, .05f, .05f, .55f, .6f, .5f), Line(.62f, 0, .55f, 1)], // open, with a tall stem
            [Curve(.08f, 0, .02f, .35f, .15f, .52f, .42f, .5f, .6f, .35f), Line(.64f, 0, .55f, 1)], // open and round
            [Line(.5f, 1, .5f, 0, 0, .65f, .7f, .65f)], // closed
        ],
        [ // 5
            [Line(.62f, 0, .12f, 0, .06f, .42f), Curve(.06f, .42f, .35f, .35f, .62f, .52f, .64f, .78f, .4f, 1, 0, .92f)],
            [Curve(.65f, .02f, .35f, 0, .12f, .12f, .16f, .38f, .45f, .5f, .6f, .72f, .4f, .97f, 0, .95f)], // like an S
            [Curve(.12f, .02f, .06f, .4f, .35f, .38f, .6f, .6f, .5f, .9f, .2f, 1, 0, .9f), Line(.12f, .02f, .68f, -.02f)], // flag put on last
        ],
        [ // 6
            [Curve(.5f, 0, .2f, .25f, .02f, .6f, .08f, .92f, .35f, 1, .58f, .8f, .48f, .56f, .25f, .55f, .06f, .75f)],
            [Curve(.35f, 0, .1f, .4f, 0, .75f, .15f, .98f, .4f, .97f, .52f, .78f, .4f, .6f, .2f, .62f, .04f, .8f)], // straight back
            [Curve(.62f, .12f, .42f, 0, .15f, .2f, 0, .6f, .12f, .93f, .4f, 1, .62f, .8f, .5f, .55f, .22f, .55f, .05f, .75f)], // curled top
        ],
        [ // 7
            [Line(0, .02f, .62f, 0, .2f, 1)],
            [Line(0, .02f, .62f, 0, .2f, 1), Line(.15f, .5f, .58f, .48f)], // bar
            [Curve(0, .16f, .03f, .02f, .3f, .05f, .62f, 0), Curve(.62f, 0, .4f, .45f, .28f, 1)], // serif
            [Curve(0, .16f, .03f, .02f, .3f, .05f, .62f, 0), Curve(.62f, 0, .4f, .45f, .28f, 1), Line(.18f, .52f, .62f, .45f)], // serif and bar
        ],
        [ // 8
            [Curve(.55f, .12f, .3f, 0, .08f, .14f, .14f, .34f, .4f, .5f, .6f, .72f, .5f, .94f, .28f, 1, .06f, .9f, .04f, .7f, .25f, .5f, .5f, .34f, .55f, .12f)],
            [Curve(.62f, .1f, .35f, 0, .1f, .14f, .14f, .34f, .4f, .5f, .58f, .72f, .5f, .94f, .28f, 1, .06f, .9f, .06f, .7f, .3f, .48f, .52f, .3f, .58f, 0)], // ends apart
            [Curve(.32f, 0, .1f, .1f, .1f, .35f, .32f, .46f, .54f, .35f, .54f, .1f, .32f, 0), Curve(.32f, .46f, .04f, .58f, .02f, .85f, .32f, 1, .62f, .85f, .6f, .58f, .32f, .46f)], // two rings
        ],
        [ // 9
            [Curve(.56f, .12f, .3f, 0, .06f, .12f, .04f, .36f, .28f, .5f, .5f, .36f, .56f, .12f), Line(.56f, .05f, .5f, 1)],
            [Curve(.55f, .15f, .32f, 0, .06f, .1f, .03f, .36f, .25f, .48f, .5f, .32f, .56f, .12f, .56f, .5f, .48f, .85f, .25f, 1, .04f, .92f)], // curled tail
            [Curve(.56f, .12f, .3f, 0, .06f, .12f, .04f, .36f, .28f, .5f, .5f, .36f, .56f, .12f), Curve(.56f, .12f, .42f, .6f, .18f, 1)], // leaning tail
        ],
    ];
}
