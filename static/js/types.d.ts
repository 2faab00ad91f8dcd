/** The vocabulary that server and browser share; types only, never loaded by a browser. */

export type Value = number | string | boolean;
/** What the user turned: dotted key -> value; what is not in it has its default. */
export type Turned = Readonly<Record<string, Value>>;
export type Changes = Record<string, Value | null>;
export type Turn = (changes: Changes) => void;

export interface Field {
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
    source?: "datasets" | "columns" | "classes";
  };
}

export type Widget = "slider" | "stepper" | "switch" | "select" | "choice" | "text";

export interface Control {
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
  default: Value | null;
}

export type Trace = { type?: string; name?: string; meta?: { role?: string }; visible?: boolean; [key: string]: any };
export type Shape = {
  type?: string; name?: string; path?: string; xanchor?: number; visible?: boolean; line?: any; [key: string]: any;
};

export interface Handle {
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

export interface Layout {
  shapes?: Shape[];
  annotations?: any[];
  meta?: { handles?: Handle[] };
  [key: string]: any;
}
export interface Figure { data: Trace[]; layout: Layout }
export interface Readout { value: any; label: string; unit?: string | null; help?: string }
export interface Outcome { kind: string; sentence: string }

export interface Answer {
  part: string;
  knobs: Record<string, any>;
  objective: string;
  figures: Record<string, Figure>;
  readouts: Record<string, Readout>;
  outcome: Outcome;
}

export interface Frame {
  figures: Record<string, Figure>;
  readouts: Record<string, any>;
  objective: string;
  outcome: Outcome;
}
export interface Sweep { values: number[]; frames: Frame[] }

export type Theme = "light" | "dark";
export type Roles = Record<string, { label: string; light: Record<string, any>; dark: Record<string, any> }>;
export interface Part { knobs: string[]; streams: boolean; sweeps: string[] }

export interface Page {
  slug: string;
  title: string;
  question: string;
  build: string;
  knobs: Field;
  parts: Record<string, Part>;
  presets: { id: string; sentence: string; knobs: Record<string, Value> }[];
  roles: Roles;
  answers: Record<string, Answer>;
  /** Why the query of this page was refused; it then shows its defaults. */
  refused: { knob: string; message: string }[];
}

export interface Table {
  id: string; title: string; task: string; rows: number; columns: string[]; target: string;
  numbers?: string[]; classes: Record<string, any[]>; suggested: string[]; kept?: string; left_out?: string[];
}

export interface Problem { title?: string; detail?: string; errors?: { knob?: string; where?: string; message: string }[] }

declare global {
  interface Window { Plotly?: any }
}
