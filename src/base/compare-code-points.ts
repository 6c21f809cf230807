/**
 * Orders well-formed texts by code point, which is the order of their UTF-8 bytes: negative if `a`
 * comes first. JavaScript's `<` puts U+10000 before U+E000.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    // Surrogates stand for what lies above all other units.
    const rank = Number(isSurrogate(x)) - Number(isSurrogate(y));
    return rank !== 0 ? rank : x - y;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}
