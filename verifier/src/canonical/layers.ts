const fround = Math.fround

/**
 * out[s][o] = bias[o] + x[s][0]*w[o][0] + x[s][1]*w[o][1] + ..., added in that order; sums that are not above 0
 * become 0 if `relu`. Four outputs at a time: that hides the adder's latency and changes no sum.
 */
export function forward(
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  samples: number,
  inputs: number,
  outputs: number,
  relu: boolean,
): void {
  const blocked = outputs & ~3
  for (let s = 0; s < samples; s++) {
    const xAt = s * inputs
    const outAt = s * outputs
    for (let o = 0; o < blocked; o += 4) fourOutputs(x, xAt, w, bias, out, outAt, o, inputs)
    for (let o = blocked; o < outputs; o++) {
      const wAt = o * inputs
      let a = bias[o]!
      for (let i = 0; i < inputs; i++) a = fround(a + fround(x[xAt + i]! * w[wAt + i]!))
      out[outAt + o] = a
    }
    if (relu) for (let o = outAt; o < outAt + outputs; o++) if (!(out[o]! > 0)) out[o] = 0
  }
}

/** Outputs o to o + 3 of the sample whose inputs begin at xAt. */
function fourOutputs(
  x: Float32Array,
  xAt: number,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  outAt: number,
  o: number,
  inputs: number,
): void {
  const w0 = o * inputs
  const w1 = w0 + inputs
  const w2 = w1 + inputs
  const w3 = w2 + inputs
  let a0 = bias[o]!
  let a1 = bias[o + 1]!
  let a2 = bias[o + 2]!
  let a3 = bias[o + 3]!
  for (let i = 0; i < inputs; i++) {
    const value = x[xAt + i]!
    a0 = fround(a0 + fround(value * w[w0 + i]!))
    a1 = fround(a1 + fround(value * w[w1 + i]!))
    a2 = fround(a2 + fround(value * w[w2 + i]!))
    a3 = fround(a3 + fround(value * w[w3 + i]!))
  }
  out[outAt + o] = a0
  out[outAt + o + 1] = a1
  out[outAt + o + 2] = a2
  out[outAt + o + 3] = a3
}

/**
 * gradW[o][i] = d[0][o]*x[0][i] + d[1][o]*x[1][i] + ... and gradBias[o] = d[0][o] + d[1][o] + ..., added in
 * sample order from 0.
 */
export function weightGradient(
  x: Float32Array,
  d: Float32Array,
  gradW: Float32Array,
  gradBias: Float32Array,
  samples: number,
  inputs: number,
  outputs: number,
): void {
  const blocked = samples & ~3
  for (let o = 0; o < outputs; o++) {
    const row = o * inputs
    let bias = 0
    for (let i = row; i < row + inputs; i++) gradW[i] = 0
    for (let s = 0; s < samples; s++) bias = fround(bias + d[s * outputs + o]!)
    gradBias[o] = bias
    for (let s = 0; s < blocked; s += 4) fourSamples(x, d, gradW, s, o, inputs, outputs)
    for (let s = blocked; s < samples; s++) {
      const delta = d[s * outputs + o]!
      const xAt = s * inputs
      for (let i = 0; i < inputs; i++) {
        gradW[row + i] = fround(gradW[row + i]! + fround(delta * x[xAt + i]!))
      }
    }
  }
}

/** Adds samples s to s + 3 to output o's row of the gradient, one after the other. */
function fourSamples(
  x: Float32Array,
  d: Float32Array,
  gradW: Float32Array,
  s: number,
  o: number,
  inputs: number,
  outputs: number,
): void {
  const row = o * inputs
  const d0 = d[s * outputs + o]!
  const d1 = d[(s + 1) * outputs + o]!
  const d2 = d[(s + 2) * outputs + o]!
  const d3 = d[(s + 3) * outputs + o]!
  const x0 = s * inputs
  const x1 = x0 + inputs
  const x2 = x1 + inputs
  const x3 = x2 + inputs
  for (let i = 0; i < inputs; i++) {
    let sum = gradW[row + i]!
    sum = fround(sum + fround(d0 * x[x0 + i]!))
    sum = fround(sum + fround(d1 * x[x1 + i]!))
    sum = fround(sum + fround(d2 * x[x2 + i]!))
    gradW[row + i] = fround(sum + fround(d3 * x[x3 + i]!))
  }
}

/**
 * Delta of the layer below: below[s][i] = d[s][0]*w[0][i] + d[s][1]*w[1][i] + ..., added in output order from 0,
 * where that layer's activation is above 0; else 0.
 */
export function inputGradient(
  d: Float32Array,
  w: Float32Array,
  activation: Float32Array,
  below: Float32Array,
  samples: number,
  inputs: number,
  outputs: number,
): void {
  for (let s = 0; s < samples; s++) {
    const at = s * inputs
    for (let i = at; i < at + inputs; i++) below[i] = 0
    for (let o = 0; o < outputs; o++) {
      const delta = d[s * outputs + o]!
      const row = o * inputs
      for (let i = 0; i < inputs; i++) {
        below[at + i] = fround(below[at + i]! + fround(delta * w[row + i]!))
      }
    }
    for (let i = at; i < at + inputs; i++) if (!(activation[i]! > 0)) below[i] = 0
  }
}
