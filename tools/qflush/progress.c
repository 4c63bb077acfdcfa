/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - how far it is, how fast, and how long it will take
 *
 * One line that is written over, with nothing but blanks and a carriage
 * return, so that every terminal can do it.  What can't be written is lost.
 */
#include <inttypes.h>

#include "base/fsx.h"
#include "base/num.h"
#include "tools/qflush/progress.h"

#define QFLUSH_PROGRESS_QUIET 1000 /* ms before the first line */
#define QFLUSH_PROGRESS_EVERY 200

void
qflush_progress_start(struct qflush_progress *p, const struct when_clock *clock,
    int fd, const char *what)
{
	*p = (struct qflush_progress){
		.clock = clock,
		.fd = fd,
		.what = what,
	};
	p->began = when_mono(clock);
	p->next = p->began + QFLUSH_PROGRESS_QUIET;
}

void
qflush_progress_text(struct buf *b, const char *what, uint64_t done,
    uint64_t total, int64_t ms)
{
	uint64_t rate = ms > 0 ? done * 1000 / (uint64_t)ms : 0;

	buf_addf(b, "%s %" PRIu64, what, done);
	if (total != 0)
		buf_addf(b, " of %" PRIu64, total);
	if (rate == 0)
		return;
	buf_addf(b, ", %" PRIu64 "/s", rate);
	if (total > done) {
		buf_adds(b, ", ");
		num_add_duration(b,
		    (int64_t)((total - done + rate - 1) / rate));
		buf_adds(b, " left");
	}
}

/* A line in the place of the one before. */
static void
qflush_progress_line(struct qflush_progress *p, const struct buf *text)
{
	struct buf line = BUF_INIT;
	size_t i;

	buf_addc(&line, '\r');
	buf_add(&line, text->data, text->len);
	for (i = text->len; i < p->shown; i++)
		buf_addc(&line, ' ');
	if (text->len == 0)
		buf_addc(&line, '\r');
	if (!line.oom && fsx_write(p->fd, line.data, line.len) == 0)
		p->shown = text->len;
	buf_free(&line);
}

void
qflush_progress_show(void *arg, uint64_t done, uint64_t total)
{
	struct qflush_progress *p = arg;
	struct buf text = BUF_INIT;
	int64_t now;

	if (p->fd == -1 || (now = when_mono(p->clock)) < p->next)
		return;
	p->next = now + QFLUSH_PROGRESS_EVERY;
	buf_adds(&text, "qflush: ");
	qflush_progress_text(&text, p->what, done, total, now - p->began);
	if (!text.oom)
		qflush_progress_line(p, &text);
	buf_free(&text);
}

void
qflush_progress_end(struct qflush_progress *p)
{
	const struct buf nothing = BUF_INIT;

	if (p->shown != 0)
		qflush_progress_line(p, &nothing);
}
