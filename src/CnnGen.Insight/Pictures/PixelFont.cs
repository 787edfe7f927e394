namespace CnnGen.Insight;

/// <summary>A font for labels of a few pixels' height: the printable signs of ASCII, five columns and eight rows each, of which the last is for what hangs below the line.</summary>
internal static class PixelFont
{
    public const int Width = 5;
    public const int Height = 8;

    /// <summary>Columns from the start of one sign to that of the next.</summary>
    public const int Advance = 6;

    /// <summary>Eight digits of base 32 a sign, from the blank on: each is a row, of which the highest bit is the left column.</summary>
    private const string Rows =
        "00000000" + "44444040" + "AA000000" + "AAVAVAA0" + "4FKE5U40" + "OP248J30" + "CIK8LID0" + "44000000" + // blank ! " # $ % & '
        "24888420" + "84222480" + "04LEL400" + "044V4400" + "00000448" + "000V0000" + "00000CC0" + "01248G00" + // ( ) * + , - . /
        "EHJLPHE0" + "4C4444E0" + "EH1248V0" + "V2421HE0" + "26AIV220" + "VGU11HE0" + "68GUHHE0" + "V1248880" + // 0 to 7
        "EHHEHHE0" + "EHHF12C0" + "0CC0CC00" + "0CC0C480" + "248G8420" + "00V0V000" + "84212480" + "EH124040" + // 8 9 : ; < = > ?
        "EHLNMGE0" + "EHHVHHH0" + "UHHUHHU0" + "EHGGGHE0" + "SIHHHIS0" + "VGGUGGV0" + "VGGUGGG0" + "EHGNHHF0" + // @ A to G
        "HHHVHHH0" + "E44444E0" + "72222IC0" + "HIKOKIH0" + "GGGGGGV0" + "HRLLHHH0" + "HHPLJHH0" + "EHHHHHE0" + // H to O
        "UHHUGGG0" + "EHHHLID0" + "UHHUKIH0" + "FGGE11U0" + "V4444440" + "HHHHHHE0" + "HHHHHA40" + "HHHLLLA0" + // P to W
        "HHA4AHH0" + "HHA44440" + "V1248GV0" + "E88888E0" + "0G842100" + "E22222E0" + "4AH00000" + "0000000V" + // X Y Z [ \ ] ^ _
        "84000000" + "00E1FHF0" + "GGMPHHU0" + "00EGGHE0" + "11DJHHF0" + "00EHVGE0" + "698S8880" + "00FHHF1E" + // ` a to g
        "GGMPHHH0" + "40C444E0" + "206222IC" + "GGIKOKI0" + "C44444E0" + "00QLLLL0" + "00MPHHH0" + "00EHHHE0" + // h to o
        "00UHHUGG" + "00FHHF11" + "00MPGGG0" + "00FGE1U0" + "88S88960" + "00HHHJD0" + "00HHHA40" + "00HHLLA0" + // p to w
        "00HA4AH0" + "00HHHF1E" + "00V248V0" + "64484460" + "44444440" + "C44244C0" + "008L2000"; // x y z { | } ~

    /// <summary>The columns of a text.</summary>
    public static int WidthOf(string text) => text.Length == 0 ? 0 : (text.Length * Advance) - (Advance - Width);

    /// <summary>One row of a sign, its left column in the highest of five bits; of a sign that is not there, a row of a box.</summary>
    public static int Row(char sign, int row)
    {
        if (sign is < ' ' or > '~')
            return row == Height - 1 ? 0 : row is 0 or Height - 2 ? 0b11111 : 0b10001;
        var digit = Rows[((sign - ' ') * Height) + row];
        return digit <= '9' ? digit - '0' : digit - 'A' + 10;
    }
}
