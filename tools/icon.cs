// Draws the package's icon, a feature map under a 3 x 3 kernel:
//
//     dotnet run tools/icon.cs src/CnnGen/Package/icon.png

#:property PublishAot=false

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

const int Size = 128, Cell = 18, Gap = 2, Cells = 6, Border = 5;

if (args is not [var path])
{
    Console.Error.WriteLine("usage: dotnet run tools/icon.cs FILE.png");
    return 2;
}

// One filter byte (0, none) before each row of RGBA.
var rows = new byte[Size * (1 + (4 * Size))];
for (var y = 0; y < Size; y++)
{
    for (var x = 0; x < Size; x++)
        Color(x, y).CopyTo(rows.AsSpan((y * (1 + (4 * Size))) + 1 + (4 * x)));
}

using var packed = new MemoryStream();
using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
    zlib.Write(rows);

var header = new byte[13];
BinaryPrimitives.WriteInt32BigEndian(header, Size);
BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Size);
(header[8], header[9]) = (8, 6);   // eight bits a channel, RGBA

using var file = File.Create(path);
file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
WriteChunk("IHDR", header);
WriteChunk("IDAT", packed.ToArray());
WriteChunk("IEND", []);
return 0;

static byte[] Color(int x, int y)
{
    var (column, row) = ((x - Border) / (Cell + Gap), (y - Border) / (Cell + Gap));
    var isCell = x >= Border && y >= Border && column < Cells && row < Cells && (x - Border) % (Cell + Gap) < Cell && (y - Border) % (Cell + Gap) < Cell;
    if (!isCell)
        return [0x1b, 0x1f, 0x3b, 0xff];

    // The map: a ring, brightest where a cell's middle is two cells from the centre.
    var distance = Math.Sqrt(Math.Pow(column - 2.5, 2) + Math.Pow(row - 2.5, 2));
    var light = Math.Clamp(1.15 - (Math.Abs(distance - 2) * 0.75), 0.15, 1);
    var isUnderKernel = column is >= 1 and <= 3 && row is >= 1 and <= 3;
    var (red, green, blue) = isUnderKernel ? (255, 176, 59) : (96, 132, 232);
    return [(byte)(red * light), (byte)(green * light), (byte)(blue * light), 0xff];
}

void WriteChunk(string type, byte[] data)
{
    byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
    var number = new byte[4];
    BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
    file.Write(number);
    file.Write(body);
    BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
    file.Write(number);
}

static uint Crc(byte[] bytes)
{
    var crc = uint.MaxValue;
    foreach (var one in bytes)
    {
        crc ^= one;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
    }

    return ~crc;
}
