/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mqreport.c - one report of the mail queues of this server
 *
 * If standard output is a socket, mqreport serves a client.  It ignores what
 * the client sends, does not use standard error, and answers an error with a
 * report that tells the error.  With --openmetrics an error is told as metrics,
 * whether a client is served or not.
 *
 * Owns the alarm of the process and what its handler says.  So a file system
 * that does not answer holds up neither the client nor the lock of the cache
 * for longer.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/net.h"
#include "base/when.h"
#include "report/metrics.h"
#include "report/report.h"
#include "report/write.h"
#include "tools/mqreport/cache.h"
#include "tools/mqreport/config.h"
#include "tools/mqreport/send.h"
#include "tools/mqreport/take.h"

enum { MQREPORT_ALL, MQREPORT_PARTLY, MQREPORT_FAILED };

#define MQREPORT_TIMEOUT 10 /* before the options are known */
#define MQREPORT_CACHE   5  /* seconds, when served */

/* How an error is told. */
struct mqreport_how {
	bool served;      /* standard output is a socket */
	bool openmetrics; /* and not a report */
};

/* What the alarm says, in answer and as a message; a handler may only write. */
static struct mqreport_words {
	char text[1024];
	size_t len;
} mqreport_alarm_out, mqreport_alarm_err;

static void
mqreport_on_alarm(int sig)
{
	ssize_t n;

	(void)sig;
	if (mqreport_alarm_out.len != 0)
		n = write(STDOUT_FILENO, mqreport_alarm_out.text,
		    mqreport_alarm_out.len);
	if (mqreport_alarm_err.len != 0)
		n = write(STDERR_FILENO, mqreport_alarm_err.text,
		    mqreport_alarm_err.len);
	(void)n; /* the exit status is all that is left to say it */
	_exit(MQREPORT_FAILED);
}

/* The answer when there is no report; by hand it may be none. */
static void
mqreport_add_answer(struct buf *out, const struct mqreport_how *how,
    const char *why)
{
	struct report r;

	if (how->openmetrics) {
		metrics_write_failure(why, out);
		return;
	}
	if (!how->served || mqreport_take_start(&r, &when_system) != 0)
		return;
	r.error = strdup(why);
	if (r.error != NULL)
		report_write(&r, out);
	report_free(&r);
}

/*
 * "mqreport: why", for standard error.  Nobody reads that if a client is
 * served.
 */
static void
mqreport_add_message(struct buf *out, const struct mqreport_how *how,
    const char *why)
{
	if (how->served)
		return;
	buf_adds(out, "mqreport: ");
	clean_add_line(out, why, strlen(why));
	buf_addc(out, '\n');
}

/* Keeps what the alarm will say, and frees the buffer. */
static void
mqreport_keep_words(struct mqreport_words *words, struct buf *text)
{
	words->len = 0;
	if (text->data != NULL && !text->oom &&
	    text->len <= sizeof(words->text)) {
		memcpy(words->text, text->data, text->len);
		words->len = text->len;
	}
	buf_free(text);
}

/*
 * Sets the alarm, which answers if a system call does not return in time.  Its
 * answer is made now, because a signal handler can only write it.
 */
static void
mqreport_start_alarm(const struct mqreport_how *how, int seconds)
{
	static const char why[] = "the file system did not answer in time";
	struct sigaction sa = { .sa_handler = mqreport_on_alarm };
	struct buf text = BUF_INIT;
	sigset_t set;

	alarm(0);
	mqreport_add_answer(&text, how, why);
	mqreport_keep_words(&mqreport_alarm_out, &text);
	mqreport_add_message(&text, how, why);
	mqreport_keep_words(&mqreport_alarm_err, &text);
	sigemptyset(&sa.sa_mask);
	sigaction(SIGALRM, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	alarm((unsigned int)seconds);
}

/*
 * From here on the alarm says nothing, because a part of the answer may have
 * been written.
 */
static void
mqreport_end_alarm(void)
{
	alarm(0);
	mqreport_alarm_out.len = mqreport_alarm_err.len = 0;
	alarm((MQREPORT_SEND_TIME + MQREPORT_SEND_LINGER) / 1000 + 2);
}

/* Counts, and keeps the report in the cache if there is one. */
static int
mqreport_count(struct report *r, struct mqreport_config *c,
    struct mqreport_cache *cache, const struct when_deadline *deadline,
    struct buf *advice, struct buf *why)
{
	struct buf text = BUF_INIT;

	if (mqreport_take(r, c, deadline, advice, why) != 0)
		return -1;
	report_write(r, &text);
	mqreport_cache_put(cache, &text);
	buf_free(&text);
	return 0;
}

/* A report, from the cache or not. */
static int
mqreport_make(struct report *r, struct mqreport_config *c, struct buf *advice,
    struct buf *why)
{
	struct when_deadline deadline = when_after(&when_system,
	    INT64_C(900) * c->timeout);
	enum mqreport_cache_answer answer = MQREPORT_CACHE_COUNT;
	struct mqreport_cache cache = MQREPORT_CACHE_INIT;
	struct buf note = BUF_INIT;
	int rc = 0;

	*r = (struct report)REPORT_INIT;
	if (c->cache != 0 &&
	    mqreport_cache_open(&cache, c, geteuid(), &note) == 0)
		answer = mqreport_cache_get(&cache, c->cache, &deadline, r);
	if (answer == MQREPORT_CACHE_NONE) {
		buf_addf(why,
		    "another mqreport counts, and did not end within"
		    " %ds",
		    c->timeout);
		rc = -1;
	} else if (answer == MQREPORT_CACHE_COUNT) {
		rc = mqreport_count(r, c, &cache, &deadline, advice, why);
	}
	if (rc == 0 && note.len != 0 && !note.oom) {
		buf_adds(&note, "; so each client makes a count");
		r->note = buf_take(&note);
	}
	mqreport_cache_close(&cache);
	buf_free(&note);
	return rc;
}

static int
mqreport_status(const struct report *r)
{
	size_t i;

	for (i = 0; i < r->nqueues; i++)
		if (r->queues[i].count != REPORT_EXACT)
			return MQREPORT_PARTLY;
	return r->has_relays && r->relays_count != REPORT_EXACT ?
	    MQREPORT_PARTLY :
	    MQREPORT_ALL;
}

/* Does what the options ask for, into *out. */
static int
mqreport_run(struct mqreport_config *c, struct buf *out, struct buf *advice,
    struct buf *why)
{
	int rc = MQREPORT_FAILED;
	struct report r;

	if (c->action == MQREPORT_CONFIG_HELP) {
		cli_add_help(&mqreport_config_cli, out);
		return MQREPORT_ALL;
	}
	if (c->action == MQREPORT_CONFIG_VERSION) {
		cli_add_version(&mqreport_config_cli, out);
		return MQREPORT_ALL;
	}
	if (mqreport_make(&r, c, advice, why) == 0) {
		if (c->openmetrics)
			metrics_write(&r, out);
		else
			report_write(&r, out);
		rc = mqreport_status(&r);
	}
	report_free(&r);
	return rc;
}

/*
 * Tells why there is no report.  A file that should have been replaced keeps
 * the last report, and that report tells its own age.
 */
static void
mqreport_tell(const struct mqreport_how *how, bool to_file, struct buf *out,
    struct buf *why)
{
	const char *reason = why->len != 0 && !why->oom ? buf_str(why) :
							  "out of memory";
	struct buf message = BUF_INIT, lost = BUF_INIT;

	buf_free(out); /* which may have had no memory */
	mqreport_add_message(&message, how, reason);
	if (how->served || !to_file)
		mqreport_add_answer(out, how, reason);
	if (out->len != 0)
		mqreport_send(STDOUT_FILENO, out, &when_system, &lost);
	if (message.len != 0)
		mqreport_send(STDERR_FILENO, &message, &when_system, &lost);
	buf_free(&message);
	buf_free(&lost);
}

/*
 * Writes the answer to where it is wanted.  If that fails, the error is told.
 */
static int
mqreport_deliver(const struct mqreport_config *c,
    const struct mqreport_how *how, int rc, struct buf *out, struct buf *why)
{
	bool to_file = c->output != NULL && c->action == MQREPORT_CONFIG_REPORT;

	mqreport_end_alarm();
	if (rc != MQREPORT_FAILED && out->oom)
		rc = MQREPORT_FAILED;
	if (rc != MQREPORT_FAILED &&
	    (to_file ?
		    mqreport_send_file(c->output, out, why) :
		    mqreport_send(STDOUT_FILENO, out, &when_system, why)) == 0)
		return rc;
	/*
	 * A client that did not take the answer would not take the error
	 * either.
	 */
	if (how->served && rc != MQREPORT_FAILED && !to_file)
		return MQREPORT_FAILED;
	mqreport_tell(how, to_file, out, why);
	return MQREPORT_FAILED;
}

int
main(int argc, char **argv)
{
	const struct mqreport_how how = { net_is_socket(STDOUT_FILENO),
		cli_has(&mqreport_config_cli, argc, argv, "openmetrics") };
	struct buf out = BUF_INIT, advice = BUF_INIT, why = BUF_INIT;
	struct mqreport_config c;
	int rc = MQREPORT_FAILED;

	/* Reading the options already looks at files and directories. */
	signal(SIGPIPE, how.served ? SIG_IGN : SIG_DFL);
	/* A limit of file size makes the cache fail, but not the report. */
	signal(SIGXFSZ, SIG_IGN);
	mqreport_start_alarm(&how, MQREPORT_TIMEOUT);
	if (mqreport_config_parse(&c, argc, argv,
		how.served ? MQREPORT_CACHE : 0, &why) != 0) {
		buf_adds(&why, "; see --help");
	} else {
		mqreport_start_alarm(&how, c.timeout);
		rc = mqreport_run(&c, &out, &advice, &why);
	}
	if (!how.served && !advice.oom && advice.len != 0)
		fsx_write(STDERR_FILENO, advice.data, advice.len);
	rc = mqreport_deliver(&c, &how, rc, &out, &why);
	mqreport_config_free(&c);
	buf_free(&out);
	buf_free(&advice);
	buf_free(&why);
	return rc;
}
