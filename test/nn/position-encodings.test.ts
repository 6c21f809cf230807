import {
  AlibiBias,
  FalconAlibi,
  LearnedEmbedding,
  RotaryEmbedding,
  SinusoidalEmbedding,
  Xpos,
  alibiSlopes,
  noPositions,
  reversed,
} from "orrery-lm/nn";
import { positionEncodingContract, sizes } from "../contracts/position-encoding.ts";

const { hiddenSize, numHeads, headDim, maxPositions } = sizes;

positionEncodingContract("noPositions", {
  create: () => noPositions,
  createOther: () => noPositions,
  isRelative: true,
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
