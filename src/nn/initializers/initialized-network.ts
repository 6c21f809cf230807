import type { Value } from "orrery-lm/tensor";
import type { LanguageHead } from "../language-head.ts";
import type { Network, NetworkInputs, NetworkKind } from "../network.ts";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import type { SequenceContext } from "../sequence-context.ts";
import { initializedBy, type InitializationScheme } from "./schemes.ts";

/** A network whose parameters start by a scheme; it computes what it computed. */
export class InitializedNetwork implements Network {
  readonly #network: Network;
  readonly #scheme: InitializationScheme;

  constructor(network: Network, scheme: InitializationScheme) {
    this.#network = network;
    this.#scheme = scheme;
  }

  get kind(): NetworkKind {
    return this.#network.kind;
  }

  get vocabSize(): number {
    return this.#network.vocabSize;
  }

  get maxPositions(): number | undefined {
    return this.#network.maxPositions;
  }

  get tokenTypes(): number | undefined {
    return this.#network.tokenTypes;
  }

  get head(): LanguageHead {
    return this.#network.head;
  }

  parameters(): ParameterSpecs {
    return initializedBy(this.#network.parameters(), this.#scheme);
  }

  positionsOf(inputIds: Value): Value | undefined {
    return this.#network.positionsOf?.(inputIds);
  }

  hidden(
    lookup: ParameterLookup,
    inputs: NetworkInputs,
    context: Omit<SequenceContext, "name" | "positionParameters">,
  ): Value {
    return this.#network.hidden(lookup, inputs, context);
  }
}
