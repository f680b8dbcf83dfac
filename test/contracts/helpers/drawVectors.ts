// Writes test/fixtures/draw-vectors.json: draws computed the plain way, by shuffling a whole array, to compare
// the contracts' swap-only shuffle (and any other implementation) with. Run: node test/contracts/helpers/drawVectors.ts
import { writeFileSync } from 'node:fs'
import { AbiCoder, encodeBytes32String, id, keccak256 } from 'ethers'

type Word = string | bigint | number

const coder = AbiCoder.defaultAbiCoder()

function hash(types: readonly string[], values: readonly Word[]): string {
  return keccak256(coder.encode(types, values))
}

function shuffled(n: number, picks: number, random: (j: number) => bigint): number[] {
  const cards = Array.from({ length: n }, (_, index) => index)
  for (let j = 0; j < picks; j += 1) {
    const position = j + Number(random(j) % BigInt(n - j))
    const moved = cards[j] as number
    cards[j] = cards[position] as number
    cards[position] = moved
  }
  return cards.slice(0, picks)
}

function drawVector(orderId: number, window: number, segments: number, quota: number) {
  const beacon = id(`beacon ${orderId} ${window}`)
  const types = ['bytes32', 'uint256', 'uint32', 'uint256', 'bytes32']
  const tag = encodeBytes32String('trainyard.draw')
  const picks = shuffled(segments, quota, (j) => BigInt(hash(types, [tag, orderId, window, j, beacon])))
  return { orderId, window, beacon, segments, picks }
}

function panelVector(orderId: number, seats: number, size: number) {
  const beacon = id(`panel ${orderId}`)
  const tag = encodeBytes32String('trainyard.panel')
  const types = ['bytes32', 'uint256', 'uint256', 'bytes32']
  const picks = shuffled(seats, size, (i) => BigInt(hash(types, [tag, orderId, i, beacon])))
  return { orderId, beacon, seats, picks }
}

function seedVector(orderId: number, window: number) {
  const jobSeed = id(`job ${orderId}`)
  const beacon = id(`seed ${orderId} ${window}`)
  const tag = encodeBytes32String('trainyard.seed')
  const seed = hash(
    ['bytes32', 'bytes32', 'uint256', 'uint32', 'bytes32'],
    [tag, jobSeed, orderId, window, beacon],
  )
  return { orderId, window, jobSeed, beacon, seed }
}

const vectors = {
  draws: [
    drawVector(1, 0, 5, 2),
    drawVector(1, 3, 5, 5),
    drawVector(7, 2, 1024, 126),
    drawVector(9, 0, 1, 1),
  ],
  panel: panelVector(7, 12, 6),
  seeds: [seedVector(1, 0), seedVector(7, 125)],
}
writeFileSync('test/fixtures/draw-vectors.json', `${JSON.stringify(vectors, null, 1)}\n`)
