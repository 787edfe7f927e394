// Maps of numbers, which come as places in a table of 256 colours.

export const tables = { sequential: null, diverging: null };

export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function base64Of(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Paints a map into a canvas, a pixel a number. */
export function paint(canvas, map, isDiverging, opacityOf = null) {
  const table = isDiverging ? tables.diverging : tables.sequential;
  const data = bytesOf(map.data);
  if (canvas.width !== map.width) canvas.width = map.width;
  if (canvas.height !== map.height) canvas.height = map.height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(map.width, map.height);
  for (let i = 0; i < data.length; i++) {
    image.data.set(table.subarray(3 * data[i], 3 * data[i] + 3), 4 * i);
    image.data[4 * i + 3] = opacityOf ? opacityOf(data[i]) : 255;
  }
  context.putImageData(image, 0, 0);
}

/** A layer's map is opaque where it says much: far from zero, or far from the least. */
export function strengthOf(isDiverging) {
  return isDiverging ? value => Math.round(215 * Math.min(1, Math.abs(value - 127.5) / 110)) : value => Math.round(215 * value / 255);
}

export function legend(canvas, isDiverging) {
  const data = new Uint8Array(256);
  for (let i = 0; i < 256; i++) data[i] = i;
  paint(canvas, { width: 256, height: 1, data: base64Of(data) }, isDiverging);
}

export function numberText(value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return String(value);
  const size = Math.abs(number);
  return size !== 0 && (size >= 1e5 || size < 1e-3) ? number.toExponential(1) : String(Number(number.toPrecision(3)));
}

export function timeText(nanoseconds) {
  return nanoseconds < 1e3 ? `${Math.round(nanoseconds)} ns` : nanoseconds < 1e6 ? `${(nanoseconds / 1e3).toFixed(1)} \u00b5s` : `${(nanoseconds / 1e6).toFixed(2)} ms`;
}

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
