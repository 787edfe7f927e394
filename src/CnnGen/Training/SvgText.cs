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
    private const string Style =
        "<style>.cnn-paper{fill:#fff}.cnn-ink{fill:#20222a}.cnn-faint{fill:#6b7080}.cnn-line{stroke:#6b7080}.cnn-grid{stroke:#d8dbe2}"
        + "@media(prefers-color-scheme:dark){.cnn-paper{fill:#16181d}.cnn-ink{fill:#dee0e6}.cnn-faint{fill:#9aa0ae}.cnn-line{stroke:#9aa0ae}.cnn-grid{stroke:#353942}}</style>\n";

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
        if (text.Any(IsForbidden))
            text = string.Concat(text.Select(sign => IsForbidden(sign) ? '?' : sign));
        return SecurityElement.Escape(text) ?? "";

        static bool IsForbidden(char sign) => sign is < ' ' and not ('\t' or '\n' or '\r') or '\uFFFE' or '\uFFFF' || char.IsSurrogate(sign);
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
