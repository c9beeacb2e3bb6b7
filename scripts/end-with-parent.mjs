// Loaded before a program that was started with a channel (node --import): ends it when the one who started it is gone.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
