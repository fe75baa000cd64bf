import { followProgress } from "./progress.js";

followProgress(document.querySelector("[data-follow-progress]"));
