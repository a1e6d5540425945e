// Findings of what a person would see: language, title, landmarks, doubled ids, and texts whose contrast with what is
// behind them is below 4.5:1, or 3:1 for large ones (WCAG 2.2, 1.4.3).
const [language] = arguments;
const findings = [];
const expect = (holds, finding) => { if (!holds) findings.push(finding); };

expect(document.documentElement.lang === language, `the language is ${document.documentElement.lang}`);
expect(document.title.trim() !== '', 'there is no title');
expect(document.querySelectorAll('main').length === 1, 'there is not one main part');
for (const image of document.images) expect(image.hasAttribute('alt'), `a picture without a text: ${image.outerHTML}`);
const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
expect(new Set(ids).size === ids.length, `ids stand twice: ${ids.filter((id, at) => ids.indexOf(id) !== at)}`);

// A colour as red, green, blue (0 to 1) and opacity.
const colour = (written) => {
  const numbers = (written.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  const scale = written.startsWith('rgb') ? 255 : 1;
  const known = /^(rgb|color\(srgb)/.test(written) || written === 'transparent';
  expect(known, `a colour that this check can't read: ${written}`);
  return [...numbers.slice(0, 3).map((part) => part / scale), numbers[3] ?? (written === 'transparent' ? 0 : 1)];
};
const over = (top, below) => [0, 1, 2].map((part) => top[part] * top[3] + below[part] * (1 - top[3]));
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};
const behind = (element) => {
  if (!element) return [1, 1, 1];
  const own = colour(getComputedStyle(element).backgroundColor);
  return own[3] === 1 ? own.slice(0, 3) : over(own.length === 4 ? own : [0, 0, 0, 0], behind(element.parentElement));
};
const seen = new Set();
const check = (element, style, what) => {
  const ground = behind(element);
  const ratio = contrast(over(colour(style.color), ground), ground);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio >= (large ? 3 : 4.5)) return;
  const finding = `contrast ${ratio.toFixed(2)}: ${what} ${style.color} on ${ground.map((part) => Math.round(part * 255))}`;
  if (!seen.has(finding)) findings.push(`${finding} in ${element.outerHTML.slice(0, 100)}`);
  seen.add(finding);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let text = texts.nextNode(); text; text = texts.nextNode()) {
  const element = text.parentElement;
  if (!text.data.trim() || element.closest('[aria-hidden=true], :disabled, svg, .unseen, .skip, video')) continue;
  if (!element.checkVisibility()) continue;
  check(element, getComputedStyle(element), text.data.trim().slice(0, 20));
}
for (const field of document.querySelectorAll('[placeholder]')) {
  if (field.checkVisibility()) check(field, getComputedStyle(field, '::placeholder'), `placeholder ${field.placeholder}`);
}
return findings;
