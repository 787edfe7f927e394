// The layers' maps, and what is known of the one that was chosen.

import { element, numberText, paint, timeText } from "./maps.js";

const mapSide = 66;

export class Layers {
  constructor({ list, template, model, detailOf, showField, announce }) {
    Object.assign(this, { list, model, detailOf, showField, announce });
    this.rows = model.layers.map((layer, i) => this.row(template, layer, i + 1));
    this.chosen = null;
  }

  row(template, layer, number) {
    const article = template.content.firstElementChild.cloneNode(true);
    article.querySelector("h3").textContent = layer.name;
    article.querySelector(".layer-kind").textContent = layer.kind === layer.name.replace(/\d+$/, "") ? "" : layer.kind;
    const facts = [layer.outputShape.replaceAll("x", " \u00d7 ")];
    if (layer.parameters > 0) facts.push(`${layer.parameters.toLocaleString("en")} weights`);
    if (layer.receptiveField) facts.push(`sees ${layer.receptiveField.replace("x", " \u00d7 ")}`);
    facts.push(timeText(layer.nanoseconds));
    article.querySelector(".layer-facts").textContent = facts.join("  \u00b7  ");
    const maps = article.querySelector(".maps");
    maps.setAttribute("aria-label", `Maps of ${layer.name}`);
    maps.addEventListener("keydown", event => this.move(event, maps));
    article.addEventListener("keydown", event => event.key === "Escape" && this.leave());
    this.list.append(article);
    return { article, maps, number, layer, buttons: [] };
  }

  /** Shows what the layers made of an image. */
  show(layers) {
    for (const reply of layers) {
      const row = this.rows[reply.layer - 1];
      const isVector = row.isVector = reply.isVector;
      const count = isVector ? Math.min(reply.maps[0].width, 256) : reply.maps.length;
      while (row.buttons.length < count) row.buttons.push(this.button(row, row.buttons.length, isVector, reply.maps[0]));
      if (isVector) this.showVector(row, reply, count);
      else reply.maps.forEach((map, i) => this.showMap(row, i, map, reply.isDiverging));
      const all = Number(row.layer.outputShape.split("x")[0]);
      const more = row.article.querySelector(".more");
      more.hidden = count >= all;
      more.textContent = `The first ${count} of ${all} are shown.`;
    }
  }

  button(row, i, isVector, map) {
    const button = element("button", "map");
    button.type = "button";
    button.tabIndex = i === 0 ? 0 : -1;
    button.setAttribute("aria-expanded", "false");
    if (!isVector) Object.assign(button.style, { width: `${mapSide}px`, height: `${Math.max(8, Math.round(mapSide * map.height / map.width))}px` });
    const canvas = element("canvas");
    canvas.width = canvas.height = 1;
    button.append(canvas);
    button.addEventListener("click", () => this.choose(row, i));
    row.maps.classList.toggle("vector", isVector);
    row.maps.append(button);
    return button;
  }

  showMap(row, i, map, isDiverging) {
    paint(row.buttons[i].firstChild, map, isDiverging);
    this.name(row, i, `Map ${i} of ${row.layer.name}, ${numberText(map.low)} to ${numberText(map.high)}`);
  }

  showVector(row, reply, count) {
    const map = reply.maps[0];
    const data = atob(map.data);
    const [low, high] = [Number(map.low), Number(map.high)];
    for (let i = 0; i < count; i++) {
      paint(row.buttons[i].firstChild, { width: 1, height: 1, data: btoa(data[i]) }, reply.isDiverging);
      this.name(row, i, `Number ${i} of ${row.layer.name}, about ${numberText(low + (high - low) * data.charCodeAt(i) / 255)}`);
    }
  }

  name(row, i, text) {
    row.buttons[i].title = text;
    row.buttons[i].setAttribute("aria-label", text);
  }

  /** Arrows move within a layer, so that Tab goes from layer to layer. */
  move(event, maps) {
    const buttons = [...maps.children];
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  }

  async choose(row, i) {
    const isSame = this.chosen?.row === row && this.chosen.i === i;
    this.close();
    if (isSame) return;
    const panel = element("section", "detail");
    panel.setAttribute("aria-label", `Map ${i} of ${row.layer.name}`);
    panel.append(element("p", "help", "Looking\u2026"));
    row.article.append(panel);
    row.buttons[i].setAttribute("aria-expanded", "true");
    this.chosen = { row, i, panel };
    const reply = await this.refresh();
    if (reply) this.announce(`${row.layer.name}, ${row.isVector ? "number" : "map"} ${i}: ${numberText(reply.value)}${row.isVector ? "" : ` at row ${reply.y}, column ${reply.x}`}. More below the maps; Escape closes it.`);
  }

  /** Closes what is known of a map, and goes back to the map. */
  leave() {
    if (!this.chosen) return;
    const button = this.chosen.row.buttons[this.chosen.i];
    this.close();
    button.focus();
  }

  close() {
    if (!this.chosen) return;
    this.chosen.panel.remove();
    this.chosen.row.buttons[this.chosen.i].setAttribute("aria-expanded", "false");
    this.chosen = null;
    this.showField(null);
  }

  /** Asks anew for the map that is chosen, of the image as it is now. */
  async refresh() {
    const chosen = this.chosen;
    if (!chosen) return null;
    const reply = await this.detailOf(chosen.row.number, chosen.i);
    if (!reply || this.chosen !== chosen) return null;
    this.fill(chosen, reply);
    this.showField(reply.field);
    clearTimeout(this.timer);
    if (reply.isLooking) this.timer = setTimeout(() => this.chosen === chosen && this.refresh(), 800);
    return reply;
  }

  fill({ row, i, panel }, reply) {
    const { isVector } = row;
    const head = element("div", "detail-head");
    head.append(element("h3", "", `${row.layer.name}, ${isVector ? "number" : "map"} ${i}`));
    const close = element("button", "", "Close");
    close.type = "button";
    close.addEventListener("click", () => this.leave());
    head.append(close);
    const grid = element("div", "detail-grid");
    grid.append(this.here(reply, row, i, isVector), this.filters(reply), this.top(reply));
    const hasFocus = panel.contains(document.activeElement);
    panel.replaceChildren(head, grid);
    if (hasFocus) close.focus({ preventScroll: true });
  }

  here(reply, row, i, isVector) {
    const part = element("div");
    part.append(element("h4", "", "In this image"));
    const pair = element("div", "pair");
    if (!isVector) {
      const map = element("canvas", "big");
      const source = row.buttons[i].firstChild;
      map.width = source.width;
      map.height = source.height;
      map.getContext("2d").drawImage(source, 0, 0);
      pair.append(this.figure(map, `strongest ${numberText(reply.value)} at row ${reply.y}, column ${reply.x}`));
    }
    const projection = element("canvas", "big");
    paint(projection, reply.projection, true);
    pair.append(this.figure(projection, isVector ? `${numberText(reply.value)}, projected back to the image` : "projected back to the image"));
    part.append(pair, element("p", "help", `It sees ${reply.field.height} \u00d7 ${reply.field.width} pixels: the frame in the image.`));
    return part;
  }

  filters(reply) {
    const part = element("div");
    part.append(element("h4", "", "Filters"));
    const strip = element("div", "strip");
    for (const filter of reply.filters) {
      const image = element("img");
      image.addEventListener("load", () => {
        // Small kernels large, a row of many weights as a band.
        const scale = Math.max(1, Math.min(12, Math.floor((image.naturalHeight === 1 ? 250 : 60) / image.naturalWidth)));
        image.style.width = `${image.naturalWidth * scale}px`;
        image.style.height = image.naturalHeight === 1 ? "18px" : `${image.naturalHeight * scale}px`;
      });
      image.src = filter.picture;
      image.alt = filter.text;
      image.title = filter.text;
      strip.append(image);
    }
    part.append(strip, element("p", "help", reply.filterText));
    return part;
  }

  top(reply) {
    const part = element("div", "wide");
    part.append(element("h4", "", "What excites it"));
    const strip = element("div", "strip");
    for (const one of reply.top) {
      const figure = element("figure");
      for (const [source, name, text] of [[one.patch, "", "patch"], [one.projection, "under", "projection"]]) {
        const image = element("img", name);
        image.addEventListener("load", () => {
          const scale = Math.max(1, Math.round(64 / Math.max(image.naturalWidth, image.naturalHeight)));
          image.style.width = `${image.naturalWidth * scale}px`;
          image.style.height = `${image.naturalHeight * scale}px`;
        });
        image.src = source;
        image.alt = `${text} of ${one.label === null ? "an image" : `an image of ${one.label}`}`;
        figure.append(image);
      }
      figure.append(element("figcaption", "", `${one.label === null ? "" : `${one.label}: `}${numberText(one.value)}`));
      strip.append(figure);
    }
    part.append(strip, element("p", "help", reply.topText));
    return part;
  }

  figure(content, caption) {
    const figure = element("figure");
    figure.append(content, element("figcaption", "", caption));
    return figure;
  }
}
