// A reporter that names test files which take minutes, while they do: a run that is ended from outside has said where it stood.
const AFTER_MS = 240_000;

export default class Unfinished {
  #since = new Map();
  #timer;

  onTestRunStart() {
    this.#timer = setInterval(() => this.#tell(), 60_000);
    this.#timer.unref();
  }

  // Queued, not started: a file may wait for ever where it is only loaded.
  onTestModuleQueued({ relativeModuleId }) {
    this.#since.set(relativeModuleId, Date.now());
  }

  onTestModuleEnd({ relativeModuleId }) {
    this.#since.delete(relativeModuleId);
  }

  onTestRunEnd() {
    clearInterval(this.#timer);
  }

  #tell() {
    const late = [...this.#since].filter(([, at]) => Date.now() - at >= AFTER_MS);
    if (this.#since.size === 0) console.log('== all test files have ended; what they covered is added up');
    for (const [file, at] of late)
      console.log(`== ${file} has run for ${Math.round((Date.now() - at) / 1000)} s`);
  }
}
