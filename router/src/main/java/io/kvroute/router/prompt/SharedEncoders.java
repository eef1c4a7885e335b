package io.kvroute.router.prompt;

import io.kvroute.router.keys.KeySpace;

/** What prompts of all models share on their way down the ladder. All of it is thread-safe. */
record SharedEncoders(
    ModelEncoders encoders,
    KeySpace keySpace,
    PromptObserver observer,
    TokenAgreement agreement,
    PromptModes modes,
    TextConversations textConversations) {}
