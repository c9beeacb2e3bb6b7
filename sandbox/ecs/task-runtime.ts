import type { ImageBehaviour } from "../service.ts";

/** What a runtime is told about the task it runs. */
interface TaskLaunch {
  taskId: string;
  behaviour: ImageBehaviour;
  /** The main container's environment, overrides applied. */
  environment: Readonly<Record<string, string>>;
  containerPort: number;
}

/** What a runtime tells the task's lifecycle. `exited` and `failed` are final and exclusive. */
interface TaskRuntimeEvents {
  listening(address: string, port: number): void;
  exited(exitCode: number, isKilledBySandbox: boolean): void;
  /** It never began to run. */
  failed(reason: string): void;
  /** Lines of its standard output. */
  lines(lines: readonly string[]): void;
  healthChanged(status: number | "hang"): void;
}

/** What runs a task's main container: a process, or an entry in memory. */
export interface TaskRuntime {
  /** SIGTERM: finish open requests, then exit. */
  terminate(): void;
  /** SIGKILL: exits with 137. */
  kill(): void;
  /** Resolves once the container answers so. */
  setHealth(status: number | "hang"): Promise<void>;
}

/** Starts runtimes of one kind, and ends them all. */
export interface TaskRunner {
  start(launch: TaskLaunch, events: TaskRuntimeEvents): TaskRuntime;
  /** Kills everything at once; resolves when nothing is left. */
  killAll(): Promise<void>;
}
