import type { Config, MachineSettings } from './config.ts'

/** The configuration as it is for one machine of a daemon. `name` is empty where the host is sold as one. */
export type MachineConfig = Config & { name: string; share: number }

/** The machines that a configuration sells, each with its own settings over those for all. */
export function machinesOf(config: Config): [MachineConfig, ...MachineConfig[]] {
  const { machines } = config
  const unsaid = machines.filter(({ share }) => share === undefined).length
  const left = 1 - machines.reduce((sum, { share = 0 }) => sum + share, 0)
  const [first, ...rest] = machines.map((machine) => settingsOf(config, machine, left / unsaid))
  return first ? [first, ...rest] : [{ ...config, name: '', share: 1 }]
}

function settingsOf(config: Config, machine: MachineSettings, leftShare: number): MachineConfig {
  const { name, gpus, share = leftShare } = machine
  return {
    ...config,
    name,
    gpus,
    share,
    pricePerHourWei: machine.pricePerHourWei ?? config.pricePerHourWei,
    priceSchedule: machine.priceSchedule ?? config.priceSchedule,
    priceScript: machine.priceScript ?? config.priceScript,
    maxSeconds: machine.maxSeconds ?? config.maxSeconds,
    hardwareClass: machine.hardwareClass ?? config.hardwareClass,
    images: machine.images ?? config.images,
    vouchedImages: machine.vouchedImages ?? config.vouchedImages,
    egress: machine.egress ?? config.egress,
    proofModes: machine.proofModes ?? config.proofModes,
  }
}

/** For the log, where there are several. */
export function nameOf({ name }: { name: string }): { machine?: string } {
  return name === '' ? {} : { machine: name }
}
