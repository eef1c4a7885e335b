package io.kvroute.router.learn;

import java.util.concurrent.BlockingQueue;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * What all subscriptions of an {@link EventListener} share.
 *
 * @param context makes their sockets
 * @param poller waits for their sockets
 * @param resolver looks up host names on threads of its own
 * @param changes work for the listener's thread; may be added to from any thread
 */
record ListenerLoop(
    ZContext context,
    ZMQ.Poller poller,
    EndpointResolver resolver,
    BlockingQueue<Runnable> changes) {}
