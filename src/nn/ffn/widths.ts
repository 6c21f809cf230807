/** How wide a feed-forward network is, and what that costs. */

/**
 * The inner width of Llama's gated networks: two thirds of four times the channels, times a
 * multiplier, rounded up to whole multiples. 4096 channels give 11008, 5120 give 13824.
 *
 *     ⌈⌊m·⌊2·4C/3⌋⌋ / multipleOf⌉ · multipleOf
 *
 * @see Touvron et al. 2023, §2.2, https://arxiv.org/abs/2302.13971
 */
export function gatedWidth(
  hiddenSize: number,
  { multiplier = 1, multipleOf = 256 }: { multiplier?: number; multipleOf?: number } = {},
): number {
  const width = Math.floor(multiplier * Math.floor((2 * 4 * hiddenSize) / 3));
  return Math.ceil(width / multipleOf) * multipleOf;
}

/**
 * The width at which a gated network, with its three matrices, has as many weights as one of two
 * matrices and `width` inner channels: two thirds, rounded.
 *
 * @see Shazeer 2020, §3.1, https://arxiv.org/abs/2002.05202
 */
export function equalGatedWidth(width: number): number {
  return Math.round((2 * width) / 3);
}

/** Numbers that a feed-forward network learns, and multiplications and additions for each token. */
export function ffnCost({
  hiddenSize,
  intermediateSize,
  isGated,
  hasBias,
}: {
  hiddenSize: number;
  intermediateSize: number;
  isGated: boolean;
  hasBias: boolean;
}): { parameters: number; flopsPerToken: number } {
  const inwards = isGated ? 2 : 1;
  const weights = (inwards + 1) * hiddenSize * intermediateSize;
  const biases = hasBias ? inwards * intermediateSize + hiddenSize : 0;
  return { parameters: weights + biases, flopsPerToken: 2 * weights };
}
