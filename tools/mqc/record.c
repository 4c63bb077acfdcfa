/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record.c - rounds as lines of a file: --record and --replay
 *
 * Pure.  Fields parted by tabs: time, host, delay, answer, and then the lines
 * of the report, of which none can have a tab, or the reason.  One line is
 * one host, so that grep(1) and tail(1) work on it.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/words.h"
#include "tools/mqc/fleet.h"
#include "tools/mqc/record.h"

#define MQC_RECORD_HEAD "mqc-record 1"
#define MQC_RECORD_DAY  86400                /* the longest interval, seconds */
#define MQC_RECORD_MAX  INT64_C(99999999999) /* of a time or a delay */

void
mqc_record_add_head(struct buf *out, int64_t interval)
{
	buf_addf(out, MQC_RECORD_HEAD "\t%" PRId64 "\n", interval);
}

static void
mqc_record_add(struct buf *out, int64_t time, const char *name, int64_t delay,
    int answer)
{
	buf_addf(out, "%" PRId64 "\t%s\t%" PRId64 "\t%s\t", time, name, delay,
	    mqc_fleet_answer_name(answer));
}

void
mqc_record_add_report(struct buf *out, int64_t time, const char *name,
    int64_t delay, const char *bytes, size_t n)
{
	size_t i;

	mqc_record_add(out, time, name, delay, REPORT_FINE);
	for (i = 0; i < n; i++)
		if (bytes[i] == '\n' && i + 1 < n)
			buf_addc(out, '\t');
		else if (bytes[i] != '\r' && bytes[i] != '\n')
			buf_addc(out, bytes[i]);
	buf_addc(out, '\n');
}

void
mqc_record_add_failure(struct buf *out, int64_t time, const char *name,
    int64_t delay, int answer, const char *why)
{
	mqc_record_add(out, time, name, delay, answer);
	buf_adds(out, why);
	buf_addc(out, '\n');
}

/* The next field, which must not be the last one. */
static char *
mqc_record_field(char **s, char *end)
{
	char *field = *s, *tab;

	tab = memchr(field, '\t', (size_t)(end - field));
	if (tab == NULL)
		return NULL;
	*tab = '\0';
	*s = tab + 1;
	return field;
}

int
mqc_record_parse(struct mqc_record *r, char *line, size_t n, const char **why)
{
	char *end, *s = line, *field, *p;

	*r = (struct mqc_record){ .interval = 0 };
	*why = "it is no line of a recording of mqc";
	if (n == 0 || line[n - 1] != '\n' || memchr(line, '\0', n) != NULL)
		return -1;
	end = line + n - 1;
	if ((field = mqc_record_field(&s, end)) == NULL)
		return -1;
	if (strcmp(field, MQC_RECORD_HEAD) == 0) {
		*end = '\0';
		return words_number(s, MQC_RECORD_DAY, &r->interval) &&
			r->interval != 0 ?
		    0 :
		    -1;
	}
	if (!words_number(field, MQC_RECORD_MAX, &r->time) ||
	    (r->name = mqc_record_field(&s, end)) == NULL || *r->name == '\0' ||
	    !words_number(mqc_record_field(&s, end), MQC_RECORD_MAX,
		&r->delay) ||
	    (field = mqc_record_field(&s, end)) == NULL)
		return -1;
	if ((r->answer = mqc_fleet_answer_parse(field)) == -1) {
		*why = "a newer mqc made it; update this program";
		return -1;
	}
	r->text = s;
	if (r->answer == REPORT_FINE) {
		for (p = s; p < end; p++)
			if (*p == '\t')
				*p = '\n';
		r->n = (size_t)(end - s) + 1;
	} else {
		*end = '\0';
		r->n = (size_t)(end - s);
	}
	return 0;
}
