import { known } from '../bundle/known.ts'
import { type Bundle, readBundle } from '../bundle/read.ts'
import { verifyOpened } from '../bundle/verify.ts'
import type { CheckOptions } from '../checks/all.ts'
import type { Verdict } from '../verdict.ts'
import { findDifferences } from './findDifferences.ts'
import type { Html } from './html.ts'
import { pageOf } from './page.ts'
import { type Money, readMoney } from './readMoney.ts'
import { differencesSection } from './sections/differencesSection.ts'
import { moneySection } from './sections/moneySection.ts'
import { screensSection } from './sections/screensSection.ts'
import { timelineSection } from './sections/timelineSection.ts'
import { trainingSection } from './sections/trainingSection.ts'
import { updatesSection } from './sections/updatesSection.ts'
import { verdictSection } from './sections/verdictSection.ts'
import { updateNorms } from './updateNorms.ts'

/**
 * Verifies a bundle and writes what was found as one page, which loads nothing and runs nothing.
 * @param options as verifyBundle's; without `rpc` the page has no amounts
 */
export async function reportBundle(
  dir: string,
  options: CheckOptions = {},
): Promise<{ verdict: Verdict; page: string }> {
  const bundle = readBundle(dir, options.replayer)
  const verdict = await verifyOpened(bundle, options)
  const order = known(() => bundle.order())
  const money = order && options.rpc ? await readMoney(order, options.rpc) : null
  const sections = sectionsOf(bundle, verdict, money)
  return { verdict, page: pageOf({ job: known(() => bundle.job()), order, verdict, sections }) }
}

/** A section whose facts are not known is left out: the check that says why is in the first one. */
function sectionsOf(bundle: Bundle, verdict: Verdict, money: Money | { unread: string } | null): Html[] {
  const differences = known(() => findDifferences(bundle))
  const sections = [
    verdictSection(verdict),
    known(() => training(bundle)),
    known(() => updates(bundle)),
    differences && differencesSection(differences),
    known(() => timelineSection(bundle.order(), bundle.coverage())),
    verdict.screens.length > 0 ? screensSection(verdict.screens, verdict.allPass) : null,
    moneySection(money),
  ]
  return sections.filter((section) => section !== null)
}

function training(bundle: Bundle): Html {
  const { segments, bounds } = bundle.coverage()
  const leaves = bundle.leaves()
  const steps = Array.from({ length: segments }, (_, segment) => bundle.inner(segment)).flat()
  return trainingSection(
    steps,
    bounds.slice(1).map((end) => leaves[end - 1]!.lastStep),
  )
}

function updates(bundle: Bundle): Html {
  const leaves = bundle.leaves()
  const replays = known(() => bundle.replays()) ?? []
  const wrong = replays.flatMap((replay, segment) => {
    return 'state' in replay && replay.stateRoot !== leaves[segment]!.stateRootAfter ? [segment] : []
  })
  return updatesSection(updateNorms(bundle), new Set(bundle.order().drawn), new Set(wrong))
}
