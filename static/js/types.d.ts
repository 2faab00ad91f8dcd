/** The vocabulary that server and browser share: types of all modules here, never loaded by a browser. */

type Value = number | string | boolean;
/** What the user turned: dotted key -> value; what is not in it has its default. */
type Turned = Readonly<Record<string, Value>>;
type Changes = Record<string, Value | null>;
type Turn = (changes: Changes) => void;

interface Field {
  title?: string;
  description?: string;
  type?: string;
  default?: any;
  const?: string;
  enum?: string[];
  $ref?: string;
  anyOf?: Field[];
  oneOf?: Field[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Field>;
  $defs?: Record<string, Field>;
  "x-knob"?: {
    symbol?: string;
    unit?: string;
    step?: number;
    scale?: "linear" | "log";
    soft?: [number, number];
    linked?: string;
    choices?: Record<string, string>;
    source?: "datasets" | "columns" | "targets" | "classes" | "changes";
    play?: number;
    live?: boolean;
  };
}

type Widget = "slider" | "stepper" | "switch" | "select" | "choice" | "text";

interface Control {
  key: string;
  /** The union that the control belongs to, or "". */
  group: string;
  /** Shown only while each of these keys has this value. */
  when: [string, string][];
  widget: Widget;
  label: string;
  help: string;
  symbol: string;
  unit: string;
  scale: "linear" | "log";
  whole: boolean;
  min: number;
  max: number;
  low: number;
  high: number;
  step: number;
  choices: [string, string][];
  source: string;
  linked: string;
  /** Seconds from its lowest to its highest position, or 0 where nothing plays. */
  play: number;
  /** Whether it may be turned while a training runs. */
  live: boolean;
  default: Value | null;
}

type Trace = { type?: string; name?: string; meta?: { role?: string; name?: string }; visible?: boolean; [key: string]: any };
type Shape = {
  type?: string; name?: string; path?: string; xanchor?: number; visible?: boolean; line?: any; [key: string]: any;
};

interface Handle {
  kind: "point" | "ray" | "axis";
  role: string;
  label: string;
  at: [number, number];
  knob?: string;
  knobs?: Record<string, string>;
  unit?: [number, number];
  origin?: [number, number];
  reach?: number;
  offset?: number;
}

interface Layout {
  shapes?: Shape[];
  annotations?: any[];
  meta?: { handles?: Handle[] };
  [key: string]: any;
}
/** A part's share of a figure, or the whole of it. */
interface Share { data: Trace[]; layout: Layout }
interface Readout { value: any; label: string; unit?: string | null; help?: string; group?: string }
interface Outcome { kind: string; sentence: string }

interface Answer {
  part: string;
  knobs: Record<string, any>;
  objective: string;
  figures: Record<string, Share>;
  readouts: Record<string, Readout>;
  outcome: Outcome;
}

interface Frame {
  figures: Record<string, Share>;
  readouts: Record<string, any>;
  objective: string;
  outcome: Outcome;
}
interface Sweep { values: number[]; frames: Frame[] }

/** What figures that are compared have in common: ranges of axes, levels of contours, ends of colour scales. */
interface Agreed { layout: Record<string, any>; contour?: Record<string, any>; heat?: Record<string, any> }

type Theme = "light" | "dark";
type Roles = Record<string, { label: string; light: Record<string, any>; dark: Record<string, any> }>;
interface Part { knobs: string[]; streams: boolean; sweeps: string[] }

interface Page {
  slug: string;
  title: string;
  question: string;
  build: string;
  knobs: Field;
  figures: { name: string; label: string; aspect: "square" | "wide" }[];
  parts: Record<string, Part>;
  extras?: Record<string, Part>; // asked for only to be exported
  presets: { id: string; sentence: string; knobs: Record<string, Value>; shows: string[] }[];
  roles: Roles;
  answers: Record<string, Answer>;
  /** Why the query of this page was refused; it then shows its defaults. */
  refused: { knob: string; message: string }[];
}

interface Table {
  id: string; title: string; task: string; rows: number; columns: string[]; target: string;
  numbers: string[]; classes: Record<string, any[]>; suggested: string[]; kept?: string; left_out?: string[];
}

interface Problem { title?: string; detail?: string; errors?: { knob?: string; where?: string; message: string }[] }

interface Window { Plotly?: any }
