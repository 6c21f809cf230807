import {
  AlibiBias,
  FalconAlibi,
  LearnedEmbedding,
  LayerBias,
  RotaryEmbedding,
  ShawTerms,
  SinusoidalEmbedding,
  T5Bias,
  TransformerXlTerms,
  Xpos,
  alibiSlopes,
  noPositions,
  reversed,
  shiftChange,
  type PositionEncoding,
  type RelativeTerms,
} from "orrery-lm/nn";
import { positionEncodingContract, sizes } from "../contracts/position-encoding.ts";
import { describe, expect, it } from "vitest";

const { hiddenSize, numHeads, headDim, maxPositions } = sizes;

positionEncodingContract("noPositions", {
  create: () => noPositions,
  createOther: () => noPositions,
  isRelative: true,
  isBlind: true,
});

positionEncodingContract("SinusoidalEmbedding", {
  create: () => new SinusoidalEmbedding({ hiddenSize }),
  createOther: () => new SinusoidalEmbedding({ hiddenSize }),
  isRelative: false,
});

positionEncodingContract("LearnedEmbedding", {
  create: () => new LearnedEmbedding({ hiddenSize, maxPositions, std: 0.02 }),
  createOther: () => new LearnedEmbedding({ hiddenSize, maxPositions: 50, std: 0.02 }),
  isRelative: false,
});

positionEncodingContract("RotaryEmbedding", {
  create: () => new RotaryEmbedding({ headDim }),
  createOther: () => new RotaryEmbedding({ headDim, theta: 50 }),
  isRelative: true,
});

positionEncodingContract("AlibiBias", {
  create: () => new AlibiBias({ numHeads }),
  createOther: () => new AlibiBias({ numHeads: 1 }),
  isRelative: true,
});

positionEncodingContract("FalconAlibi", {
  create: () => new FalconAlibi({ numHeads, scale: 1 }),
  createOther: () => new FalconAlibi({ numHeads, scale: 2 }),
  isRelative: false, // by key, which is equal after softmax
});

positionEncodingContract("reversed", {
  create: () => reversed(new RotaryEmbedding({ headDim })),
  createOther: () => reversed(new RotaryEmbedding({ headDim, theta: 50 })),
  isRelative: true,
});

positionEncodingContract("Xpos", {
  create: () => new Xpos({ headDim }),
  createOther: () => new Xpos({ headDim, scaleBase: 20 }),
  isRelative: true,
});

positionEncodingContract("AlibiBias of an encoder", {
  create: () => new AlibiBias({ numHeads, slopesAhead: alibiSlopes(numHeads).map((x) => x / 2) }),
  createOther: () => new AlibiBias({ numHeads }),
  isRelative: true,
});

const t5 = (isBidirectional: boolean, maxDistance = 16): T5Bias =>
  new T5Bias({ buckets: 8, maxDistance, isBidirectional, numHeads, std: 1 });

/** Terms that belong to a layer, where an encoding of the whole network is expected. */
function asEncoding(terms: RelativeTerms): PositionEncoding {
  return {
    parameters: () => terms.parameters(),
    bias: (lookup) => terms.bias(lookup, { scale: 1, network: lookup, attention: lookup }),
  };
}

positionEncodingContract("T5Bias of an encoder", {
  create: () => t5(true),
  createOther: () => t5(true, 5),
  isRelative: true,
});

positionEncodingContract("T5Bias of a decoder", {
  create: () => t5(false),
  createOther: () => t5(false, 9),
  isRelative: true,
});

positionEncodingContract("LayerBias", {
  create: () => asEncoding(new LayerBias(t5(true))),
  createOther: () => asEncoding(new LayerBias(t5(false))),
  isRelative: true,
});

positionEncodingContract("ShawTerms", {
  create: () => asEncoding(new ShawTerms({ headDim, maxDistance: 3, std: 1 })),
  createOther: () => asEncoding(new ShawTerms({ headDim, maxDistance: 2, std: 1 })),
  isRelative: true,
});

positionEncodingContract("TransformerXlTerms", {
  create: () => asEncoding(new TransformerXlTerms({ hiddenSize, numHeads, headDim, std: 1 })),
  createOther: () =>
    asEncoding(new TransformerXlTerms({ hiddenSize: 4, numHeads, headDim, std: 1 })),
  isRelative: true,
});

describe("shiftChange", () => {
  const methods: [string, PositionEncoding, RelativeTerms?][] = [
    ["none", noPositions],
    ["RoPE", new RotaryEmbedding({ headDim })],
    ["xPos", new Xpos({ headDim })],
    ["ALiBi", new AlibiBias({ numHeads })],
    ["T5", t5(false)],
    ["Shaw", noPositions, new ShawTerms({ headDim, maxDistance: 3, std: 1 })],
    [
      "Transformer-XL",
      noPositions,
      new TransformerXlTerms({ hiddenSize, numHeads, headDim, std: 1 }),
    ],
  ];

  it.each(methods)("is nothing for %s", (_, positions, relative) => {
    for (const shift of [1, 7, 150]) {
      expect(shiftChange({ positions, relative, hiddenSize, numHeads, shift })).toBeLessThan(1e-9);
    }
  });

  it.each<[string, PositionEncoding]>([
    ["sinusoids", new SinusoidalEmbedding({ hiddenSize })],
    ["a learned table", new LearnedEmbedding({ hiddenSize, maxPositions, std: 0.02 })],
  ])("is there for %s", (_, positions) => {
    expect(shiftChange({ positions, hiddenSize, numHeads, shift: 7 })).toBeGreaterThan(0.1);
    expect(shiftChange({ positions, hiddenSize, numHeads, shift: 0 })).toBe(0);
  });
});
