/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output.c - rounds to the terminal, a pipe or a file
 *
 * The modes of the terminal are not changed, so that nothing has to be
 * restored.  Its size is asked for in each round.  If nobody reads the output,
 * the rounds are delayed; if the reader is gone, writing fails with EPIPE.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/fsx.h"
#include "tools/mqc/json.h"
#include "tools/mqc/notes.h"
#include "tools/mqc/output.h"
#include "tools/mqc/tsv.h"

#define MQC_OUTPUT_COLUMNS 80 /* of a terminal that does not tell */

void
mqc_output_init(struct mqc_output *o, const struct mqc_config *c, int fd,
    const struct mqc_output_env *env)
{
	*o = (struct mqc_output){ .config = c,
		.fd = fd,
		.terminal = isatty(fd) == 1 };
	o->look.cell.arrows = o->terminal;
	/* no-color.org: set and not empty. */
	o->look.cell.colour = o->terminal && env->term != NULL &&
	    strcmp(env->term, "dumb") != 0 &&
	    (env->no_color == NULL || *env->no_color == '\0');
	o->look.wrap = c->wrap;
	o->look.time = c->time;
	o->look.total = c->total;
	mqc_table_init(&o->table);
}

void
mqc_output_free(struct mqc_output *o)
{
	mqc_table_free(&o->table);
}

void
mqc_output_disturb(struct mqc_output *o)
{
	mqc_table_disturb(&o->table);
}

static void
mqc_output_size(struct mqc_output *o)
{
	struct winsize size;

	o->look.columns = o->look.rows = 0;
	if (o->terminal) {
		o->look.columns = MQC_OUTPUT_COLUMNS;
		if (ioctl(o->fd, TIOCGWINSZ, &size) == 0) {
			o->look.rows = size.ws_row;
			if (size.ws_col != 0)
				o->look.columns = size.ws_col;
		}
	}
	if (o->config->width != 0)
		o->look.columns = o->config->width;
}

/* Why there is no sum of relays. */
static const char *
mqc_output_no_relays(const struct mqc_fleet *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->hosts[i].known && f->hosts[i].report.has_relays)
			return "no host can read its messages, so no relay is"
			       " known: run mqreport --relays 50 there, as its"
			       " user; it says which right is missing";
	return "no host tells its relays: run mqreport with --relays there";
}

static int
mqc_output_text(struct mqc_output *o, const struct mqc_fleet *f,
    const struct relaysum *sum, const char *note, struct buf *out)
{
	const struct mqc_table_look *look = &o->look;
	size_t start, i;

	mqc_output_size(o);
	if (mqc_table_add(&o->table, f, look, out) != 0)
		return -1;
	start = out->len;
	mqc_notes_add_hosts(out, f, look->columns, look->cell.colour);
	mqc_notes_add_missed(out, f, look->columns, look->cell.colour);
	if (sum != NULL) {
		mqc_notes_add_relays(out, sum, look->columns,
		    look->cell.colour);
		if (!o->begun && sum->reports == 0)
			mqc_notes_add(out, mqc_output_no_relays(f),
			    look->columns);
	}
	if (note != NULL)
		mqc_notes_add(out, note, look->columns);
	if (out->oom)
		return -1;
	mqc_table_count(&o->table, out->data + start, out->len - start);
	for (i = 0; i < f->n; i++)
		if (f->hosts[i].crossed && o->config->bell && o->terminal) {
			buf_addc(out, '\a');
			break;
		}
	return 0;
}

static int
mqc_output_build(struct mqc_output *o, const struct mqc_fleet *f,
    const struct relaysum *sum, const char *note, struct buf *out)
{
	switch (o->config->format) {
	case MQC_CONFIG_JSON:
		return mqc_json_add(out, f, sum);
	case MQC_CONFIG_TSV:
		if (!o->begun)
			mqc_tsv_add_head(out, f);
		mqc_tsv_add(out, f);
		return 0;
	default:
		return mqc_output_text(o, f, sum, note, out);
	}
}

int
mqc_output_round(struct mqc_output *o, const struct mqc_fleet *f,
    const char *note)
{
	struct relaysum sum = RELAYSUM_INIT;
	struct buf out = BUF_INIT;
	int rc = -1;

	errno = ENOMEM;
	if ((!o->config->relays || mqc_notes_sum(&sum, f) == 0) &&
	    mqc_output_build(o, f, o->config->relays ? &sum : NULL, note,
		&out) == 0 &&
	    !out.oom)
		rc = fsx_write(o->fd, out.data, out.len);
	o->begun = true;
	relaysum_free(&sum);
	buf_free(&out);
	return rc;
}
