// The page: asks the server whenever the image changes, one question at a time, and shows what it answers.

import { bytesOf, element, legend, paint, strengthOf, tables } from "./maps.js";
import { Layers } from "./layers.js";
import { Pad } from "./pad.js";

const $ = id => document.getElementById(id);
let model, pad, layers;
let outputs = [];
let whole = null, wholeVersion = -1;
let isAsking = false, isStale = false;

/** Asks the server; a fault is shown as the sentence that it is, until something else is done. */
async function ask(address, body = null) {
  let reply;
  try {
    reply = await fetch(address, body === null ? {} : { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } });
  } catch {
    showFault("The program that serves this page doesn't answer. Is it still running?");
    return null;
  }
  const answer = await reply.json().catch(() => null);
  if (reply.ok && answer !== null) return answer;
  showFault(answer?.error ?? "The program gave no answer that can be read.");
  return null;
}

function showFault(sentence) {
  $("fault-text").textContent = sentence;
  $("fault").hidden = sentence === "";
}

function percent(value) {
  return `${(100 * value).toFixed(value > 0.9995 || value < 0.0005 ? 0 : 1)} %`;
}

function valueText(value) {
  return model.givesProbabilities ? percent(value) : Number(value).toFixed(2);
}

function best(values) {
  return values.reduce((at, value, i) => Number(value) > Number(values[at]) ? i : at, 0);
}

/** The image changed: asks for all that hangs on it. While an answer is awaited changes gather, and the last one is asked for. */
async function changed() {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    isStale = false;
    showFault("");
    if (pad.mode === "cover" && wholeVersion !== pad.version && !await askWhole()) break;
    const answer = await ask("api/look", pad.seen());
    if (!answer) break;
    outputs = answer.outputs;
    showPrediction();
    layers.show(answer.layers);
    await Promise.all([showOverlay(), layers.refresh()]);
  }
  isAsking = false;
}

/** What the image is taken for without the square, to compare with. */
async function askWhole() {
  const version = pad.version;
  const answer = await ask("api/predict", pad.pixels);
  if (!answer) return false;
  const index = best(answer.outputs);
  [whole, wholeVersion] = [{ index, value: answer.outputs[index] }, version];
  return true;
}

function showPrediction() {
  const winner = best(outputs);
  const isBlank = pad.pixels.every(value => value === pad.pixels[0]);
  $("verdict").replaceChildren(isBlank ? "\u2013" : model.classNames[winner], element("small", "", isBlank ? "  draw something" : `  ${valueText(outputs[winner])}`));
  announce(isBlank ? "The image is empty." : `Prediction: ${model.classNames[winner]}, ${valueText(outputs[winner])}`);
  const shown = outputs.length <= 12 ? outputs.map((_, i) => i) : outputs.map((_, i) => i).sort((a, b) => outputs[b] - outputs[a]).slice(0, 6);
  const low = model.givesProbabilities ? 0 : Math.min(0, ...outputs);
  const high = model.givesProbabilities ? 1 : Math.max(...outputs);
  while ($("scores").children.length < shown.length) {
    const item = element("li");
    const bar = element("span", "bar");
    bar.append(element("i"));
    item.append(element("span", "name"), bar, element("span", "value"));
    $("scores").append(item);
  }
  shown.forEach((index, row) => {
    const item = $("scores").children[row];
    item.classList.toggle("best", index === winner && !isBlank);
    item.children[0].textContent = model.classNames[index];
    item.children[1].firstChild.style.width = `${100 * (outputs[index] - low) / (high - low || 1)}%`;
    item.children[2].textContent = valueText(outputs[index]);
  });
  const isCover = pad.mode === "cover";
  $("covered").hidden = !isCover || whole === null;
  if (isCover && whole !== null) {
    const name = model.classNames[whole.index];
    $("covered").textContent = `${name} without the square: ${valueText(whole.value)}. With it: ${valueText(outputs[whole.index])}.`;
  }
}

let announced = 0;
function announce(sentence) {
  // Not at every stroke: what is read aloud is what stands still.
  clearTimeout(announced);
  announced = setTimeout(() => $("announce").textContent = sentence, 600);
}

let overlayAsked = 0;
async function showOverlay() {
  const asked = ++overlayAsked;
  const method = $("method").value;
  const canvas = $("overlay");
  if (method === "") {
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    canvas.dataset.method = "";
    say("A method lays over the image what the class's output hangs on.");
    return;
  }
  const index = $("class").value === "" ? best(outputs) : Number($("class").value);
  const answer = await ask(`api/overlay?method=${encodeURIComponent(method)}&class=${index}`, pad.seen());
  if (!answer || asked !== overlayAsked) return;
  paint(canvas, answer.map, answer.isDiverging, strengthOf(answer.isDiverging));
  canvas.dataset.method = method;
  say(`For ${model.classNames[index]}: ${answer.text}`);

  function say(sentence) {
    // Read aloud when it changes, and not at every stroke.
    if ($("overlay-text").textContent !== sentence) $("overlay-text").textContent = sentence;
  }
}

function showField(area) {
  const field = $("field");
  field.hidden = area === null;
  if (area === null) return;
  const [top, left] = [Math.max(0, area.top), Math.max(0, area.left)];
  const [bottom, right] = [Math.min(model.height, area.top + area.height), Math.min(model.width, area.left + area.width)];
  Object.assign(field.style, {
    left: `${100 * left / model.width}%`, top: `${100 * top / model.height}%`, width: `${100 * (right - left) / model.width}%`, height: `${100 * (bottom - top) / model.height}%`,
  });
}

async function showExample() {
  showFault("");
  const answer = await ask(`api/example?index=${Math.floor(Math.random() * model.images)}`);
  if (!answer) return false;
  $("source").textContent = answer.label === null ? `Image ${answer.index} of the data.` : `Image ${answer.index} of the data, a ${answer.label}.`;
  pad.set(bytesOf(answer.pixels));
  return true;
}

async function readPicture(file) {
  showFault("");
  if (file.size > model.mostBytes) {
    showFault(`The file is too large: at most ${Math.floor(model.mostBytes / 1048576)} MiB are read.`);
    return;
  }
  const answer = await ask("api/decode", file);
  if (!answer) return;
  const pixels = bytesOf(answer.pixels);
  // Networks of one channel have mostly learnt light ink on dark ground: a light border is paper.
  const isPaper = model.channels === 1 && borderOf(pixels) > 127;
  $("source").textContent = `${file.name}, ${answer.width} \u00d7 ${answer.height} pixels, brought to ${model.width} \u00d7 ${model.height}${isPaper ? " and inverted, since its border is light" : ""}.`;
  pad.set(isPaper ? pixels.map(value => 255 - value) : pixels);
}

function borderOf(pixels) {
  let [sum, count] = [0, 0];
  for (let y = 0; y < model.height; y++) {
    for (let x = 0; x < model.width; x++) {
      if (x > 0 && y > 0 && x < model.width - 1 && y < model.height - 1) continue;
      sum += pixels[y * model.width + x];
      count++;
    }
  }
  return sum / count;
}

function wire() {
  for (const input of document.querySelectorAll("input[name=mode]")) input.addEventListener("change", () => pad.setMode(input.value));
  $("clear").addEventListener("click", () => pad.clear());
  $("invert").addEventListener("click", () => pad.invert());
  $("example").addEventListener("click", showExample);
  $("example").hidden = model.images === 0;
  $("fault-close").addEventListener("click", () => {
    showFault("");
    $("keys").focus({ preventScroll: true });
  });
  $("file").addEventListener("change", () => {
    if ($("file").files.length > 0) readPicture($("file").files[0]);
    $("file").value = "";
  });
  const stage = $("stage");
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, event => {
      event.preventDefault();
      stage.classList.add("dropping");
    });
  }
  for (const name of ["dragleave", "drop"]) document.addEventListener(name, () => stage.classList.remove("dropping"));
  document.addEventListener("drop", event => {
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) readPicture(event.dataTransfer.files[0]);
  });
  for (const choice of [$("method"), $("class")]) {
    choice.addEventListener("change", () => {
      showFault("");
      showOverlay();
    });
  }
}

async function begin() {
  model = await ask("api/model");
  if (!model) return;
  tables.sequential = bytesOf(model.sequential);
  tables.diverging = bytesOf(model.diverging);
  document.title = `${model.name}, looked into`;
  $("name").textContent = model.name;
  const facts = [`${model.parameters.toLocaleString("en")} weights`, `${model.multiplyAdds.toLocaleString("en")} multiply-adds an image`, `reads ${model.channels} \u00d7 ${model.height} \u00d7 ${model.width}`];
  if (model.images > 0) facts.push(`${model.images.toLocaleString("en")} images at hand: ${model.origin}`);
  $("facts").textContent = facts.join("  \u00b7  ");
  for (const method of model.methods) $("method").append(new Option(method.name, method.id));
  model.classNames.forEach((name, i) => $("class").append(new Option(name, i)));
  legend($("legend-sequential"), false);
  legend($("legend-diverging"), true);
  $("architecture").src = "api/architecture.svg";
  $("architecture").alt = `The layers of ${model.name}: ${model.layers.map(layer => `${layer.name}, ${layer.outputShape}`).join("; ")}`;
  const threads = `${model.threadCount} ${model.threadCount === 1 ? "thread" : "threads"}`;
  $("times-text").textContent = `Times are of one image on ${threads} of this machine, with every layer's output kept; a prediction joins layers and takes less.`;
  if (model.hasHistory) {
    $("history-section").hidden = false;
    $("history").src = "api/history.svg";
  }
  layers = new Layers({
    list: $("layer-list"), template: $("layer-template"), model, showField, announce, detailOf: (layer, map) => ask(`api/map?layer=${layer}&map=${map}`, pad.seen()),
  });
  pad = new Pad({ canvas: $("pad"), surface: $("keys"), cursor: $("cursor"), shape: model, onChange: changed, onEdit: () => $("source").textContent = "", announce });
  wire();
  if (model.images === 0 || !await showExample()) {
    // An example that can't be read is said beside the empty image.
    const sentence = $("fault-text").textContent;
    pad.clear();
    showFault(sentence);
  }
  document.body.dataset.ready = "true";
}

begin();
