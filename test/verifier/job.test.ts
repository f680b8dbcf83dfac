import { jobHash, jobSchedule, parseJob } from '@trainyard/verifier/job.ts'
import { describe, expect, test } from 'vitest'
import { tinyJob } from '../helpers/honestBundle.ts'

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const job = await tinyJob()

test('default', () => {
  expect(parseJob(bytesOf(job))).toEqual(job)
  const shuffled = Object.fromEntries(Object.entries(job).reverse())
  expect(jobHash(parseJob(bytesOf(shuffled)))).toBe(jobHash(job))
})

test('behavior: any change of a job is another job', () => {
  expect(jobHash({ ...job, steps: job.steps + 1 })).not.toBe(jobHash(job))
})

test.for([
  ['an unknown field', { note: 1 }],
  ['another version', { version: 2 }],
  ['one layer', { model: { kind: 'mlp', layers: [4] } }],
  ['a wide layer', { model: { kind: 'mlp', layers: [4097, 2] } }],
  ['a seed in upper case', { seed: `0x${'AB'.repeat(32)}` }],
  ['half a step', { steps: 1.5 }],
  ['no steps', { steps: 0 }],
  ['too many segments', { steps: 1e7, stepsPerSegment: 1 }],
  ['too long a segment', { stepsPerSegment: 257 }],
  ['too many draws', { proof: { mode: 'bitwise', draws: 127 } }],
  ['another mode', { proof: { mode: 'none', draws: 1 } }],
  ['a momentum of one', { hyperparameters: { ...job.hyperparameters, momentum: 1 } }],
  ['a CID that is none', { data: { ...job.data, train: { cid: 'Qmabc' } } }],
] as const)('error: %s', ([, change]) => {
  expect(() => parseJob(bytesOf({ ...job, ...change }))).toThrow('job: ')
})

test('error: too large to be read', () => {
  expect(() => parseJob(new Uint8Array(64 * 1024 + 1))).toThrow('larger than')
})

test('behavior: segments and windows cover every step once', () => {
  const { segments, windows, ...schedule } = jobSchedule({
    ...job,
    steps: 23,
    stepsPerSegment: 4,
    segmentsPerWindow: 4,
  })
  expect([segments, windows]).toEqual([6, 2])
  expect(schedule.segmentSteps(5)).toEqual({ first: 20, end: 23 })
  expect(schedule.windowSegments(1)).toEqual({ first: 4, end: 6 })
  expect(schedule.windowSteps(1)).toEqual({ first: 16, end: 23 })
  expect([15, 16, 22].map(schedule.windowOfStep)).toEqual([0, 1, 1])
  expect(schedule.windowOfSegment(3)).toBe(0)
  expect(() => schedule.segmentSteps(6)).toThrow(RangeError)
})

const { model: _model, hyperparameters: _hyperparameters, version: _version, ...common } = job
const imageJob = {
  ...common,
  version: 2,
  environment: { profile: 'image', image: `sha256:${'ab'.repeat(32)}` },
  model: { kind: 'transformer' },
  hyperparameters: { batchSize: 8 },
  checkpointBytes: 1000,
}

describe('command', () => {
  const withCommand = (command: unknown) => () => parseJob(bytesOf({ ...imageJob, command }))

  test('default: it is part of what is ordered; a job without keeps its hash', () => {
    const command = ['--layers', '4', 'näme; rm -rf /']
    expect(withCommand(command)()).toEqual({ ...imageJob, command })
    expect(jobHash(withCommand(command)())).not.toBe(jobHash(parseJob(bytesOf(imageJob))))
    expect(parseJob(bytesOf(imageJob))).not.toHaveProperty('command')
  })

  test.for([
    ['no argument', []],
    ['too many', Array.from({ length: 65 }, (_, i) => `--a${i}`)],
    ['an empty one', ['']],
    ['one that is too long', ['x'.repeat(1025)]],
    ['a line break', ['a\nb']],
    ['a zero byte', ['a\0b']],
    ['an escape sequence', ['\u001b[31m']],
    ['a number', [4]],
    ['one text', '--layers 4'],
  ] as const)('error: %s', ([, command]) => {
    expect(withCommand(command)).toThrow('job: ')
  })

  test('error: the canonical trainer takes none', () => {
    expect(() => parseJob(bytesOf({ ...job, command: ['--fast'] }))).toThrow('job: ')
  })
})

describe('egress', () => {
  const withEgress = (egress: unknown) => () => parseJob(bytesOf({ ...imageJob, egress }))

  test('default', () => {
    const egress = ['files.example.com:443', 'xn--bcher-kva.example:8443']
    expect(withEgress(egress)()).toEqual({ ...imageJob, egress })
    expect(parseJob(bytesOf(imageJob))).not.toHaveProperty('egress')
  })

  test('behavior: it is part of what is ordered', () => {
    expect(jobHash(withEgress(['files.example.com:443'])())).not.toBe(jobHash(parseJob(bytesOf(imageJob))))
  })

  test.for([
    ['no target', []],
    ['too many', Array.from({ length: 17 }, (_, i) => `a${i}.example.com:443`)],
    ['the same twice', ['a.example.com:443', 'a.example.com:443']],
    ['no port', ['a.example.com']],
    ['a port that is none', ['a.example.com:65536']],
    ['a port with a zero first', ['a.example.com:0443']],
    ['an IPv4 address', ['169.254.169.254:80']],
    ['an IPv4 address as one number', ['2852039166:80']],
    ['an IPv6 address', ['[fd00:ec2::254]:80']],
    ['a name of the network that the machine is in', ['router:80']],
    ['upper case', ['A.example.com:443']],
    ['a wildcard', ['*.example.com:443']],
    ['a dot at the end', ['a.example.com.:443']],
    ['a user', ['me@a.example.com:443']],
    ['a label that is too long', [`${'a'.repeat(64)}.example.com:443`]],
    ['a name that is too long', [`${'a.'.repeat(126)}example:443`]],
  ] as const)('error: %s', ([, egress]) => {
    expect(withEgress(egress)).toThrow('job: ')
  })

  test('error: the canonical trainer needs none', () => {
    expect(() => parseJob(bytesOf({ ...job, egress: ['a.example.com:443'] }))).toThrow('job: ')
  })
})

test('error: half a surrogate pair, which has no canonical form', async () => {
  const text = JSON.stringify(await tinyJob())
  const named = (name: string) => new TextEncoder().encode(text.replace('"tiny"', `"${name}"`))
  expect(() => parseJob(named('\\ud83d'))).toThrow('half a surrogate pair')
  expect(parseJob(named('\\ud83d\\ude00')).name).toBe('\u{1f600}')
})
