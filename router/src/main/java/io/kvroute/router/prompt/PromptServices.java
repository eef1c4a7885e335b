package io.kvroute.router.prompt;

import io.kvroute.router.keys.KeySpace;

/** The services that all prompts share. All of them are thread-safe. */
record PromptServices(
    ModelEncoders encoders,
    KeySpace keySpace,
    PromptObserver observer,
    TokenAgreement agreement,
    PromptModes modes,
    TextConversations textConversations) {}
