/** What every page does. */

import { startChanged } from "./changed.js";
import { startConfirm } from "./confirm.js";
import { startForms } from "./forms.js";
import { startWorker, watchNetwork } from "./pwa.js";
import { startTicking } from "./ticking.js";

startChanged();
startConfirm();
startForms();
startTicking();
watchNetwork();
startWorker();
