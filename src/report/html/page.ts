/** A line of code to show: the place in words, and the lines around it where they are known. */
export interface PagePlace {
  readonly words: string
  /** Without the folders that all places of the page share. */
  readonly short: string
  readonly frame?: string | undefined
}

/** What made a row's step ready: a step of another lane. */
export interface PageWake {
  /** The row of the step that did. */
  readonly by: number
  /** What it did, in words that follow its lane's name. */
  readonly how: string
  /** An index into the page's places: the line that did. */
  readonly place?: number | undefined
}

/** One row of a swimlane. */
export interface PageRow {
  readonly step: number
  /** Virtual seconds. */
  readonly time: number
  readonly column: number
  /** What the step had waited for. */
  readonly text: string
  /** It left a lane that could have gone on. */
  readonly preemption: boolean
  readonly choice?: { readonly pick: number; readonly count: number; readonly options: readonly string[] } | undefined
  /** An index into the page's places. */
  readonly place?: number | undefined
  readonly wakes?: readonly PageWake[] | undefined
  /** So many steps before this one were not kept in the file. */
  readonly omitted?: number | undefined
  /** It belongs to the stretch that a run without an end repeats. */
  readonly repeated?: boolean | undefined
}

/** What was done with one shared value: parallel lists, in the order of the schedule. */
export interface PageHistory {
  readonly name: string
  /** In which row. */
  readonly rows: readonly number[]
  readonly writes: readonly boolean[]
  /** What it held then, in words. */
  readonly values: readonly string[]
}

/** A schedule as the viewer draws it. */
export interface PageSchedule {
  readonly token: string
  readonly columns: readonly string[]
  readonly rows: readonly PageRow[]
  readonly histories: readonly PageHistory[]
  /** How it ends, in words. */
  readonly end: string
}

/** A task in the wait-for graph, a box with its centre at (x, y). */
export interface GraphNode {
  readonly task: string
  readonly lines: readonly string[]
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly cycle: boolean
}

/** Who waits for whom: an arrow from border to border. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly cycle: boolean
  /** SVG path data. */
  readonly path: string
}

export interface Graph {
  readonly width: number
  readonly height: number
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Tasks that wait but are not drawn, because there are too many. */
  readonly left: number
}

/** A line of the table beside the graph. */
export interface PageWait {
  readonly task: string
  readonly waitsFor: string
  readonly blockedBy: string
  readonly holds: string
  readonly cycle: boolean
  readonly waitsAt?: number | undefined
  readonly createdAt?: number | undefined
}

/** All that the viewer shows. It is embedded in the page as JSON; everything in it is text or a number. */
export interface Page {
  readonly name: string
  readonly kind: string
  readonly error: string
  readonly stack?: string | undefined
  /** Facts, one a line: which schedule, how large, how much smaller than it was found. */
  readonly facts: readonly string[]
  readonly token: string
  readonly replay: string
  readonly places: readonly PagePlace[]
  readonly failing: PageSchedule
  readonly passing?: PageSchedule | undefined
  /** What makes the neighbour pass, in words. */
  readonly difference?: string | undefined
  /** The row of the pick that differs, in the failing schedule. */
  readonly differs?: number | undefined
  /** What the other one picks there, and in which of its own rows. */
  readonly other?: { readonly row: number; readonly pick: number | undefined } | undefined
  /** The row that is selected when the page opens. */
  readonly begin: number
  readonly graph?: Graph | undefined
  readonly waits: readonly PageWait[]
  /** The cycle as a sentence, where there is one. */
  readonly cycle?: string | undefined
}
