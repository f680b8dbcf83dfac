import { type ImageJob, jobSchema } from '@trainyard/verifier/job.ts'
import { describe, expect, it } from 'vitest'
import { checkJob } from '../../../market-ui/web/ordering/checkJob.ts'
import { type Draft, draftOf } from '../../../market-ui/web/ordering/draft.ts'
import { imageWords } from '../../../market-ui/web/ordering/imageWords.ts'
import { orderedWords } from '../../../market-ui/web/ordering/orderedWords.ts'
import { readSettings, settingsText } from '../../../market-ui/web/ordering/settings.ts'

const cid = 'bafkreiauez34ozpcgweynee6jt25xrhau63ejwdgyrqpya77qdppqjzfiq'
const job = jobSchema.parse({
  version: 2,
  name: 'letters',
  environment: { profile: 'image', image: `sha256:${'ab'.repeat(32)}` },
  model: { kind: 'chargpt', layers: 2, causal: true, tokens: '128' },
  data: { train: { cid }, heldOut: { cid } },
  seed: `0x${'01'.repeat(32)}`,
  hyperparameters: { batchSize: 16, learningRate: 0.001, schedule: 'cosine' },
  steps: 64,
  stepsPerSegment: 16,
  segmentsPerWindow: 2,
  proof: { mode: 'bitwise', draws: 2 },
  access: 'private',
  checkpointBytes: 1024 * 1024,
  egress: ['files.example.com:443'],
  command: ['--note', 'two words'],
})
const terms = {
  machineId: '1',
  maxMinutes: '10',
  stepMillis: '5',
  layers: '',
  learningRate: '',
  momentum: '',
}
const draft = { ...terms, ...draftOf(job) } as Draft

describe('image jobs in the order form', () => {
  it('default: a job fills the form, and the form makes the same job', () => {
    expect(draft).toMatchObject({ profile: 'image', kind: 'chargpt', checkpointMib: '1' })
    expect(checkJob(draft, `0x${'00'.repeat(32)}`)).toEqual({ job, problems: {} })
  })

  it('default: the review says image, command, network and who may read', () => {
    const machine = { machineId: '7', specs: null, offer: null }
    const said = orderedWords(job, machine, 600).join('\n')
    for (const part of [
      '“letters” on machine #7',
      'for at most 10\u00a0min',
      'with the command ["--note","two words"], 64 steps in batches of 16',
      'It may reach files.example.com:443.',
      'Only its parties and auditors',
    ])
      expect(said).toContain(part)
    const { command: _command, egress: _egress, ...plain } = job as ImageJob
    expect(orderedWords(plain, machine, 600)[1]).toMatch(
      /^Image sha256:[ab]{64} with its own command, .*no network\.$/,
    )
  })

  it('default: the review says who answers for the image, and what auditors did with it', () => {
    const said = { takes: true, vouches: true, passed: 2, unaudited: 1 }
    const exact = imageWords(job, said, true).join('\n')
    expect(exact).toMatch(
      /takes this image\.\nThe seller answers .* stake: .*\nOf .* passed 2, and 1 ended unaudited\. Whether/,
    )
    expect(imageWords(job, { ...said, passed: 0 }, false).join('\n')).toMatch(
      /does not answer .*\n.* passed 0, and 1 ended unaudited: if none of the drawn auditors has it, .* 50\s% of what was earned/,
    )
    // Nobody could be asked: nothing good is claimed.
    const none = { ...said, passed: 0, unaudited: 0 }
    expect(imageWords(job, none, false).at(-1)).toMatch(/^No order with this image .*: if none/)
    expect(imageWords(job, undefined, false).join('\n')).toMatch(
      /did not say whether .*\n.*\nWhether auditors have this image is not known: if none/,
    )
    // Without proof there are no auditors, and nobody answers for bits.
    const { access, command, environment, name } = job as ImageJob
    const program = { version: 3, access, command, environment, name, proof: { mode: 'none' } } as const
    expect(imageWords(program, said, false)).toEqual(['The machine says that it takes this image.'])
  })

  it('error: what the schema refuses is said at its field', () => {
    const problems = (changes: Partial<Draft>) => checkJob({ ...draft, ...changes }, '').problems
    expect(problems({ image: 'python:3' }).image).toContain('sha256:')
    expect(problems({ kind: '' }).kind).toBe('this is needed')
    expect(problems({ checkpointMib: '2000' }).checkpointMib).toContain('at most')
    expect(problems({ command: 'x'.repeat(1025) }).command).toBe('at most 1024 characters')
    expect(problems({ command: '--a\n'.repeat(65) }).command).toBe('at most 64 lines')
    expect(problems({ egress: 'http://169.254.169.254/' }).egress).toContain('host name and a port')
    expect(problems({ egress: '10.0.0.1:443' }).egress).toContain('host name and a port')
    expect(problems({ modelSettings: 'layers: 2' }).modelSettings).toContain('name = value')
    expect(problems({ hyperSettings: `note = ${'x'.repeat(300)}` }).hyperSettings).toBeDefined()
  })
})

describe('settings', () => {
  it('default: read back as written, texts that look like something else in quotes', () => {
    const settings = { a: 1, b: -0.5, c: 'text', d: '7', e: 'true', f: true, g: 1e-9 }
    expect(settingsText(settings)).toBe('a = 1\nb = -0.5\nc = text\nd = "7"\ne = "true"\nf = true\ng = 1e-9')
    expect(readSettings(settingsText(settings))).toEqual(settings)
  })

  it('error: a line that is none, and a name given twice', () => {
    for (const text of ['a', '= 1', 'a = 1\na = 2', '__proto__', '1a = 2'])
      expect([text, readSettings(text)]).toEqual([text, undefined])
  })
})
