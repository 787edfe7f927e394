using System.Globalization;
using System.Security;
using System.Text;

namespace CnnGen.Runtime;

/// <summary>
/// An SVG document as it is written: text is escaped, numbers are printed alike in every culture, and paper and ink follow the reader's light or dark setting. Its classes: <c>cnn-paper</c>, <c>cnn-ink</c>,
/// <c>cnn-faint</c> (fill), <c>cnn-line</c>, <c>cnn-grid</c> (stroke).
/// </summary>
internal sealed class SvgText
{
    /// <summary>Colours that are seen on light and on dark paper, each told from the others.</summary>
    public const string Blue = "#2a7fc0", Red = "#d9483b", Green = "#3a9a48", Violet = "#9a6cc8", Ochre = "#b8860b", Teal = "#1a9a9a", Grey = "#7a8090";

    /// <summary>Paper, text, less important text and grid, where the reader's setting is light.</summary>
    public const string Paper = "#ffffff", Ink = "#20222a", Faint = "#6b7080", Grid = "#d8dbe2";

    /// <summary>The same where it is dark.</summary>
    public const string DarkPaper = "#16181d", DarkInk = "#dee0e6", DarkFaint = "#9aa0ae", DarkGrid = "#353942";

    private const string Style =
        $"<style>.cnn-paper{{fill:{Paper}}}.cnn-ink{{fill:{Ink}}}.cnn-faint{{fill:{Faint}}}.cnn-line{{stroke:{Faint}}}.cnn-grid{{stroke:{Grid}}}"
        + $"@media(prefers-color-scheme:dark){{.cnn-paper{{fill:{DarkPaper}}}.cnn-ink{{fill:{DarkInk}}}.cnn-faint{{fill:{DarkFaint}}}.cnn-line{{stroke:{DarkFaint}}}.cnn-grid{{stroke:{DarkGrid}}}}}</style>\n";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a document.</summary>
    /// <param name="width">Units of its width.</param>
    /// <param name="height">Units of its height.</param>
    /// <param name="title">What it is, for those who can't see it and as a hint under the pointer.</param>
    public SvgText(double width, double height, string title)
    {
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0.#} {height:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" style=\"max-width:100%;height:auto\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n");
        Add($"<title>{Escape(title)}</title>\n");
        _text.Append(Style);
        Add($"<rect class=\"cnn-paper\" width=\"{width:0.#}\" height=\"{height:0.#}\"/>\n");
    }

    /// <summary>Text as it may stand between tags and in attributes: what XML has no sign for becomes a question mark.</summary>
    public static string Escape(string text)
    {
        if (text.Any(sign => IsForbidden(sign) || char.IsSurrogate(sign)))
        {
            // What is half of a pair comes as U+FFFD, which XML has a sign for.
            text = string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp && IsForbidden((char)rune.Value) ? "?" : rune.ToString()));
        }

        return SecurityElement.Escape(text) ?? "";

        static bool IsForbidden(char sign) => sign is < ' ' and not ('\t' or '\n' or '\r') or '\uFFFE' or '\uFFFF';
    }

    /// <summary>Adds markup; whatever of it is text has been escaped.</summary>
    public SvgText Add(FormattableString part)
    {
        _text.Append(part.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Adds a line of text.</summary>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The text, not escaped.</param>
    /// <param name="attributes">More attributes, such as <c>text-anchor="end"</c>.</param>
    /// <param name="isFaint">Whether it is less important.</param>
    public SvgText Write(double x, double y, string text, string attributes = "", bool isFaint = false) =>
        Add($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" class=\"{(isFaint ? "cnn-faint" : "cnn-ink")}\"{(attributes.Length > 0 ? " " + attributes : "")}>{Escape(text)}</text>\n");

    /// <summary>Ends the document.</summary>
    public string End() => _text.Append("</svg>\n").ToString();
}
