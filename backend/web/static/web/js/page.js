/** What every page does. */

import { startConfirm } from "./confirm.js";
import { startForms } from "./forms.js";
import { startWorker, watchNetwork } from "./pwa.js";
import { startTicking } from "./ticking.js";

startConfirm();
startForms();
startTicking();
watchNetwork();
startWorker();
