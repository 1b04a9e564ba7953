/** Makes its host render once a second while it is on. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Clock implements ReactiveController {
  private _timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly _host: ReactiveControllerHost) {
    _host.addController(this);
  }

  run(isOn: boolean): void {
    if (isOn) this._timer ??= setInterval(() => { this._host.requestUpdate(); }, 1000);
    else this.hostDisconnected();
  }

  hostDisconnected(): void {
    clearInterval(this._timer);
    this._timer = undefined;
  }
}
