/* The originals desk: the paper before the camera beside its scan; photographs go into the form's own file field,
   so that they are sent, checked and refused like any file. Without camera or script the field is used by hand. */
"use strict";
const REMEMBERED = "mc-may-anh";
const FINE = { width: { ideal: 2592 }, height: { ideal: 1944 }, facingMode: { ideal: "environment" } };

/* What has been photographed or picked, and not been sent yet. */
function photographs(field, list, words, show) {
  let files = [];
  const write = () => {
    const held = new DataTransfer();
    files.forEach((file) => held.items.add(file));
    field.files = held.files;
    list.hidden = !files.length;
    list.replaceChildren(...files.map(line));
  };
  const line = (file, at) => {
    const item = document.createElement("li"), look = document.createElement("button"), drop = document.createElement("button");
    const seen = file.type.startsWith("image/") ? new Image() : document.createElement("span");
    const address = URL.createObjectURL(file);
    look.type = drop.type = "button";
    if (seen instanceof Image) { seen.src = address; seen.alt = sentence(words.xem, { n: at + 1 }); } else seen.textContent = file.name;
    look.append(seen);
    look.addEventListener("click", () => show(address, sentence(words.xem, { n: at + 1 })));
    drop.className = "btn btn-link btn-sm";
    drop.textContent = sentence(words.bo, { n: at + 1 });
    drop.addEventListener("click", () => { files.splice(at, 1); URL.revokeObjectURL(address); write(); field.focus(); });
    item.append(look, drop);
    return item;
  };
  field.addEventListener("change", () => { files = [...files, ...field.files]; write(); });
  return { add: (file) => { files = [...files, file]; write(); }, count: () => files.length };
}

/* Only a difference needs words and photographs: of a paper that matches nothing is kept. */
function followVerdict(form) {
  const description = form.querySelector("textarea"), evidence = form.querySelector("[data-mc-bang-chung]");
  const tell = () => {
    const differs = form.querySelector("[name=verdict]:checked")?.value === "differs";
    description.required = differs;
    evidence.hidden = !differs;
    evidence.querySelector("input").disabled = !differs;
  };
  form.addEventListener("change", tell);
  tell();
}

function camera(pane, add) {
  const video = pane.querySelector("video"), still = pane.querySelector("[data-mc-da-chup]");
  const closed = pane.querySelector("[data-mc-chua-mo]"), controls = pane.querySelector("[data-mc-dieu-khien]");
  const status = pane.querySelector("[data-mc-noi-anh]"), choice = pane.querySelector("[data-mc-chon-may]");
  const live = pane.querySelector("[data-mc-truc-tiep]"), opener = pane.querySelector("[data-mc-mo-may]");
  let turned = 0, running = false;
  const say = (words) => { status.textContent = words; };
  const front = (which) => {
    video.hidden = which !== "live"; still.hidden = which !== "still"; closed.hidden = which !== "closed";
    live.hidden = which !== "still" || !running;
    controls.hidden = !running;
  };
  const show = (address, words) => { still.src = address; still.alt = words; front("still"); say(words); };
  const fail = (error) => {
    running = false;
    front("closed");
    sessionStorage.removeItem(REMEMBERED);
    const none = error.name === "NotFoundError" || error.name === "OverconstrainedError";
    say(error.name === "NotAllowedError" ? pane.dataset.tuChoi : none ? pane.dataset.khongCo : pane.dataset.ban);
  };
  const list = async (current) => {
    const machines = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    choice.replaceChildren(...machines.map((one, at) => new Option(one.label || `${at + 1}`, one.deviceId, false, one.deviceId === current)));
    choice.hidden = machines.length < 2;
  };
  const open = async (machine) => {
    say(pane.dataset.dangMo);
    video.srcObject?.getTracks().forEach((track) => track.stop());
    try {
      const wanted = machine ? { ...FINE, deviceId: { exact: machine } } : FINE;
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted });
      await video.play();
    } catch (error) { fail(error); return; }
    const track = video.srcObject.getVideoTracks()[0], current = track.getSettings().deviceId ?? "";
    track.addEventListener("ended", () => fail(new DOMException("", "NotFoundError")));
    running = true;
    sessionStorage.setItem(REMEMBERED, current);
    front("live");
    say(pane.dataset.mo);
    await list(current);
  };
  const shoot = () => {
    if (!running) return;
    const sideways = turned % 180 !== 0, canvas = document.createElement("canvas");
    const [width, height] = [video.videoWidth, video.videoHeight];
    [canvas.width, canvas.height] = sideways ? [height, width] : [width, height];
    const paper = canvas.getContext("2d");
    paper.translate(canvas.width / 2, canvas.height / 2);
    paper.rotate(turned * Math.PI / 180);
    paper.drawImage(video, -width / 2, -height / 2);
    canvas.toBlob((blob) => { if (blob) say(sentence(pane.dataset.daChup, { n: add(blob) })); }, "image/jpeg", 0.92);
  };
  opener.hidden = false;
  opener.addEventListener("click", () => open(""));
  choice.addEventListener("change", () => open(choice.value));
  live.addEventListener("click", () => { front("live"); say(pane.dataset.mo); });
  pane.querySelector("[data-mc-chup]").addEventListener("click", shoot);
  pane.querySelector("[data-mc-xoay-may]").addEventListener("click", () => {
    turned = (turned + 90) % 360;
    video.className = turned ? `xoay-${turned}` : "";
  });
  onKey((key) => { if (key === "c" || key === "C") shoot(); });
  window.addEventListener("pagehide", () => video.srcObject?.getTracks().forEach((track) => track.stop()));
  const last = sessionStorage.getItem(REMEMBERED);
  if (last !== null) open(last);
  return show;
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-mc-ket-luan]"), pane = document.querySelector("[data-mc-may-anh]");
  if (!form || !pane) return;
  followVerdict(form);
  let show = () => {};
  const field = form.querySelector("input[type=file]");
  const kept = photographs(field, form.querySelector("[data-mc-anh-moi]"), pane.dataset, (...seen) => show(...seen));
  const add = (blob) => {
    const n = kept.count() + 1;
    kept.add(new File([blob], sentence(pane.dataset.ten, { n }), { type: blob.type }));
    return n;
  };
  /* Browsers give the camera to pages of https only, and to the machine itself. */
  if (navigator.mediaDevices?.getUserMedia) show = camera(pane, add);
  else pane.querySelector("[data-mc-noi-anh]").textContent = pane.dataset.canHttps;
});
