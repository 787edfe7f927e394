// The image: drawn on, erased, covered, by pointer and by keyboard. Pixels are height x width x channels bytes, as the server takes them.

export class Pad {
  constructor({ canvas, surface, cursor, shape, onChange, onEdit, announce }) {
    Object.assign(this, { canvas, surface, cursor, shape, onChange, onEdit, announce });
    const { height, width, channels } = shape;
    canvas.width = width;
    canvas.height = height;
    canvas.style.aspectRatio = `${width} / ${height}`;
    this.pixels = new Uint8Array(height * width * channels);
    this.mode = "draw";
    this.version = 0;
    this.radius = Math.max(0.9, 1.25 * Math.min(width, height) / 28);
    this.side = Math.max(1, Math.round(Math.min(width, height) / 4));
    this.square = { x: Math.round((width - this.side) / 2), y: Math.round((height - this.side) / 2) };
    this.pen = { x: Math.floor(width / 2), y: Math.floor(height / 2), isDown: false };
    surface.addEventListener("pointerdown", event => this.begin(event));
    surface.addEventListener("pointermove", event => this.move(event));
    surface.addEventListener("pointerup", () => this.last = null);
    surface.addEventListener("pointercancel", () => this.last = null);
    surface.addEventListener("keydown", event => this.key(event));
    surface.addEventListener("focus", () => this.showCursor());
    surface.addEventListener("blur", () => this.showCursor());
  }

  /** Takes an image. */
  set(pixels) {
    this.version++;
    this.pixels.set(pixels);
    this.changed();
  }

  clear() {
    this.onEdit();
    this.version++;
    this.pixels.fill(0);
    this.changed();
  }

  invert() {
    this.version++;
    for (let i = 0; i < this.pixels.length; i++) this.pixels[i] = 255 - this.pixels[i];
    this.changed();
  }

  setMode(mode) {
    this.mode = mode;
    this.pen.isDown = false;
    this.showCursor();
    this.changed();
  }

  /** What the network sees: the image, of which the square covers a part where it is asked for. */
  seen() {
    if (this.mode !== "cover") return this.pixels;
    const copy = this.pixels.slice();
    const { width, channels } = this.shape;
    for (let y = this.square.y; y < this.square.y + this.side; y++)
      copy.fill(0, (y * width + this.square.x) * channels, (y * width + this.square.x + this.side) * channels);
    return copy;
  }

  changed() {
    this.paint();
    this.onChange();
  }

  paint() {
    const { height, width, channels } = this.shape;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const seen = this.seen();
    for (let i = 0; i < height * width; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = seen[i * channels + (channels === 3 ? c : 0)];
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    this.showCursor();
  }

  showCursor() {
    const { height, width } = this.shape;
    const isCover = this.mode === "cover";
    const hasKeys = document.activeElement === this.surface && this.surface.matches(":focus-visible");
    this.cursor.hidden = !isCover && !hasKeys;
    this.cursor.classList.toggle("covering", isCover);
    const [x, y, side] = isCover ? [this.square.x, this.square.y, this.side] : [this.pen.x, this.pen.y, 1];
    Object.assign(this.cursor.style, { left: `${100 * x / width}%`, top: `${100 * y / height}%`, width: `${100 * side / width}%`, height: `${100 * side / height}%` });
  }

  place(event) {
    const box = this.surface.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width * this.shape.width, y: (event.clientY - box.top) / box.height * this.shape.height };
  }

  begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.surface.focus({ preventScroll: true });
    this.surface.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.follow(this.last);
  }

  move(event) {
    if (!this.last) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length > 0 ? steps : [event]) this.follow(this.place(step));
  }

  follow(place) {
    if (this.mode === "cover") {
      this.moveSquare(Math.round(place.x - this.side / 2), Math.round(place.y - this.side / 2));
    } else {
      this.stroke(this.last, place);
      this.last = place;
      this.changed();
    }
  }

  moveSquare(x, y) {
    this.square.x = Math.min(Math.max(0, x), this.shape.width - this.side);
    this.square.y = Math.min(Math.max(0, y), this.shape.height - this.side);
    this.changed();
  }

  /** Ink along a way: full within the pen's radius, fading over one pixel beyond it. */
  stroke(from, to) {
    this.onEdit();
    this.version++;
    const { height, width, channels } = this.shape;
    const reach = this.radius + 1;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    for (let y = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach)); y < Math.min(height, Math.max(from.y, to.y) + reach); y++) {
      for (let x = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach)); x < Math.min(width, Math.max(from.x, to.x) + reach); x++) {
        const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
        const along = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
        const ink = 255 * Math.min(1, Math.max(0, this.radius + 0.5 - Math.hypot(px - along * dx, py - along * dy)));
        for (let at = (y * width + x) * channels; at < (y * width + x + 1) * channels; at++)
          this.pixels[at] = this.mode === "erase" ? Math.min(this.pixels[at], 255 - ink) : Math.max(this.pixels[at], ink);
      }
    }
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) {
      event.preventDefault();
      if (this.mode === "cover") {
        this.moveSquare(this.square.x + step[0], this.square.y + step[1]);
        return;
      }
      const before = { x: this.pen.x + 0.5, y: this.pen.y + 0.5 };
      this.pen.x = Math.min(Math.max(0, this.pen.x + step[0]), this.shape.width - 1);
      this.pen.y = Math.min(Math.max(0, this.pen.y + step[1]), this.shape.height - 1);
      if (this.pen.isDown) {
        this.stroke(before, { x: this.pen.x + 0.5, y: this.pen.y + 0.5 });
        this.changed();
      }
      this.showCursor();
    } else if (event.key === " " && this.mode !== "cover") {
      event.preventDefault();
      this.pen.isDown = !this.pen.isDown;
      if (this.pen.isDown) {
        const at = { x: this.pen.x + 0.5, y: this.pen.y + 0.5 };
        this.stroke(at, at);
        this.changed();
      }
      this.announce(`Pen ${this.pen.isDown ? "down" : "up"} at column ${this.pen.x + 1}, row ${this.pen.y + 1}.`);
    } else if (event.key === "Delete") {
      event.preventDefault();
      this.clear();
    }
  }
}
