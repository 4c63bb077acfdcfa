/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * signals.c - the signals that end mqc, and SIGCONT
 *
 * Owns the dispositions of these signals.  A signal that is ignored at the
 * start stays ignored, because nohup(1) starts a program that way.  If a signal
 * comes just before a system call begins to wait, the loop sees it after that
 * call.  The user has to send a second one only if the call never ends.
 */
#include <unistd.h>

#include "tools/mqc/signals.h"

/* SIGCONT is last: it ends nothing. */
static const int mqc_signals[MQC_SIGNALS] = { SIGINT, SIGTERM, SIGHUP,
	SIGCONT };

static void
mqc_signals_leave(int sig)
{
	(void)sig;
	_exit(0);
}

static bool
mqc_signals_is_ignored(int sig)
{
	struct sigaction now;

	return sigaction(sig, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

int
mqc_signals_open(struct mqc_signals *s, struct event_base *base,
    event_callback_fn on, void *arg)
{
	int i;

	for (i = 0; i < MQC_SIGNALS; i++) {
		if (mqc_signals_is_ignored(mqc_signals[i]))
			continue;
		s->v[i] = evsignal_new(base, mqc_signals[i], on, arg);
		if (s->v[i] == NULL || event_add(s->v[i], NULL) != 0)
			return -1;
	}
	return 0;
}

void
mqc_signals_close(struct mqc_signals *s)
{
	int i;

	for (i = 0; i < MQC_SIGNALS; i++)
		if (s->v[i] != NULL)
			event_free(s->v[i]);
	*s = (struct mqc_signals)MQC_SIGNALS_INIT;
}

void
mqc_signals_at_once(struct mqc_signals *s, bool on)
{
	struct sigaction leave = { .sa_handler = mqc_signals_leave };
	int i;

	sigemptyset(&leave.sa_mask);
	for (i = 0; i < MQC_SIGNALS - 1; i++)
		if (s->v[i] != NULL && on)
			sigaction(mqc_signals[i], &leave, &s->usual[i]);
		else if (s->v[i] != NULL)
			sigaction(mqc_signals[i], &s->usual[i], NULL);
}
