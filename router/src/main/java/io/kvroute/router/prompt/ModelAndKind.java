package io.kvroute.router.prompt;

/** All requests of one kind to one model. */
record ModelAndKind(String model, PromptKind kind) {}
