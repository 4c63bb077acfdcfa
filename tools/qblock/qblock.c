/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qblock.c - refuse a client's mail, where the mail server looks
 *
 * Options, the file of blocks, a plan, and with --yes its execution; each
 * change is one line in the system's mail log.  Errors are one line on standard
 * error.
 */
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/shell.h"
#include "base/when.h"
#include "block/plan.h"
#include "mta/blocks.h"
#include "tools/common/tool.h"
#include "tools/qblock/apply.h"
#include "tools/qblock/config.h"
#include "tools/qblock/files.h"
#include "tools/qblock/names.h"
#include "tools/qblock/text.h"

enum { QBLOCK_OK, QBLOCK_NOT_BLOCKED, QBLOCK_FAILED };

#define QBLOCK_WIDTH  80
#define QBLOCK_WIDEST 250 /* columns of a terminal that are used */
#define QBLOCK_SHOWN  200

static size_t
qblock_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return QBLOCK_WIDEST;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
	    size.ws_col < QBLOCK_WIDTH)
		return QBLOCK_WIDTH;
	return size.ws_col < QBLOCK_WIDEST ? size.ws_col : QBLOCK_WIDEST;
}

/* Who is it, also behind sudo and su. */
static const char *
qblock_user(void)
{
	const char *name = getenv("SUDO_USER");
	const struct passwd *pw;

	if (getuid() == 0 && name != NULL && *name != '\0')
		return name;
	pw = getpwuid(getuid());
	return pw != NULL ? pw->pw_name : "unknown";
}

/* From here on a signal waits until files and map are in order again. */
static void
qblock_hold_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* --- the names of clients ------------------------------------------------ */

/*
 * What could not be asked is said: the name of a client is not known, and the
 * file lets names in.  False: then a block of an address is not proved.
 */
static bool
qblock_names_suffice(const struct qblock_config *c, const struct block_place *p,
    const struct names *names, const struct entries *map, struct buf *out)
{
	struct buf line = BUF_INIT;
	size_t lets = guard_lets_names(&line, map, p), i;
	bool suffice = true;

	for (i = 0; i < c->nkeys && lets != 0; i++) {
		if (c->key[i].is_name || names_has(names, c->key + i))
			continue;
		suffice = false;
		buf_adds(out, "note: the host name of ");
		client_add(out, c->key + i);
		buf_adds(out, " is not known here");
		if (names->unread.len != 0) {
			buf_adds(out, " (");
			clean_add_line(out, names->unread.data,
			    names->unread.len);
			buf_addc(out, ')');
		}
		buf_addf(out,
		    ", and %s looks at that first: ", p->server->name);
		buf_add(out, line.data, line.len);
		if (lets > 1)
			buf_addf(out, " and %zu more lines let", lets - 1);
		else
			buf_adds(out, " lets");
		buf_adds(out, " names in; ask with --name HOST\n");
	}
	out->oom |= line.oom;
	buf_free(&line);
	return suffice;
}

/*
 * May a name undo a block?  Not where no line of the file lets one in: then
 * queues are not read for names, which takes two seconds of a large flood.
 * True, too, where the file cannot be read: that is told later.
 */
static bool
qblock_names_matter(const struct block_place *p)
{
	struct qblock_files files;
	struct edit text = EDIT_INIT;
	struct buf unused = BUF_INIT;
	bool matter = true;

	if (qblock_files_open(&files, p, false, &unused) == 0 &&
	    edit_begin(&text, p->server, &files.bytes) == 0)
		matter = guard_lets_names(&unused, &text.map, p) != 0;
	edit_free(&text);
	qblock_files_close(&files);
	buf_free(&unused);
	return matter;
}

/* From --name, or the queued mail of the clients that are addresses. */
static int
qblock_names_find(struct qblock_config *c, const struct block_place *p,
    struct names *names, struct buf *why)
{
	size_t i, addresses = 0;

	for (i = 0; i < c->nkeys; i++)
		addresses += !c->key[i].is_name;
	if (c->name != NULL) {
		if (names_give(names, c->key, c->name) == 0)
			return 0;
		return cli_bad_value(why, "--name", c->name,
		    "expected a host name");
	}
	if (addresses != 0 &&
	    ((c->action == QBLOCK_CONFIG_ADD && qblock_names_matter(p)) ||
		c->action == QBLOCK_CONFIG_CHECK))
		qblock_names_look(names, c->key, c->nkeys, &c->queues,
		    &when_system);
	if (!names->unread.oom)
		return 0;
	buf_adds(why, "out of memory");
	return -1;
}

/* --- list and check ------------------------------------------------------ */

/* The command that ends what is over, for the same map. */
static void
qblock_add_expire(struct buf *out, const struct qblock_config *c)
{
	struct buf map = BUF_INIT, command = BUF_INIT;
	bool ok = true;

	buf_adds(&command, "qblock expire --yes");
	if (c->cf != NULL) {
		buf_adds(&command, " --cf");
		ok = shell_add_word(&command, c->cf);
	}
	if (c->map != NULL) {
		buf_add(&map, c->map_type.data, c->map_type.len);
		buf_addf(&map, "%s%s", c->map_type.len != 0 ? ":" : "", c->map);
		buf_adds(&command, " --map");
		ok = !map.oom && shell_add_word(&command, buf_str(&map)) && ok;
	}
	if (c->maker != NULL) {
		buf_adds(&command, " --makemap");
		ok = shell_add_word(&command, c->maker) && ok;
	}
	out->oom |= map.oom || command.oom;
	if (ok && !out->oom)
		buf_addf(out, "to end what is over: %s\n", buf_str(&command));
	buf_free(&map);
	buf_free(&command);
}

static int
qblock_list(const struct qblock_config *c, const struct entries *map,
    const char *file, struct buf *out, struct buf *why)
{
	int64_t now = when_wall(&when_system);
	size_t i = 0;

#ifdef HAVE_JANSSON
	if (c->json) {
		if (qblock_text_json(out, map, file, now) == 0)
			return QBLOCK_OK;
		buf_adds(why, "out of memory");
		return QBLOCK_FAILED;
	}
#else
	(void)why;
#endif
	qblock_text_list(out, map, file, now, qblock_width());
	while (i < map->nblocks && !tag_expired(&map->block[i].tag, now))
		i++;
	if (i < map->nblocks)
		qblock_add_expire(out, c);
	return QBLOCK_OK;
}

/* What map and server say to one address with one name, or to a name. */
static int
qblock_check_one(const struct qblock_config *c, const struct block_place *p,
    const struct client *key, const char *name, const struct entries *map,
    struct buf *out, struct buf *why)
{
	int refused = qblock_text_check(out, key, name, p, map, why);
	int asked = refused;

	if (refused != -1 && c->asked != NULL)
		asked = p->server->ask(p, c->asked, key, name, out, why);
	if (asked == -1)
		return QBLOCK_FAILED;
	return refused && asked ? QBLOCK_OK : QBLOCK_NOT_BLOCKED;
}

/* Under each name that is known of it: it is blocked if all of them are. */
static int
qblock_check(const struct qblock_config *c, struct block_place *p,
    const struct names *names, const struct entries *map, struct buf *out,
    struct buf *why)
{
	int rc = QBLOCK_OK, one;
	const char *name;
	size_t i;

	if (p->server->load(p, why) != 0)
		rc = QBLOCK_FAILED;
	else if (names->n == 0)
		rc = qblock_check_one(c, p, c->key, NULL, map, out, why);
	if (rc != QBLOCK_FAILED && !qblock_names_suffice(c, p, names, map, out))
		rc = QBLOCK_NOT_BLOCKED;
	for (i = 0; i < names->n && rc != QBLOCK_FAILED; i++) {
		name = names->v[i].name[0] != '\0' ? names->v[i].name : NULL;
		one = qblock_check_one(c, p, c->key, name, map, out, why);
		if (one > rc)
			rc = one;
	}
	return rc;
}

static int
qblock_look(const struct qblock_config *c, struct block_place *p,
    const struct names *names, struct buf *out, struct buf *why)
{
	struct qblock_files files;
	struct edit text = EDIT_INIT;
	int rc = QBLOCK_FAILED;

	if (qblock_files_open(&files, p, false, why) == 0) {
		if (edit_begin(&text, p->server, &files.bytes) != 0)
			buf_adds(why, "out of memory");
		else if (c->action == QBLOCK_CONFIG_CHECK)
			rc = qblock_check(c, p, names, &text.map, out, why);
		else
			rc = qblock_list(c, &text.map, p->file, out, why);
	}
	edit_free(&text);
	qblock_files_close(&files);
	return rc;
}

/* --- add, remove, expire ------------------------------------------------- */

/* One line a change, in the mail log beside those of the server. */
static void
qblock_audit(const struct plan *plan, const struct qblock_config *c,
    const char *file, const char *by)
{
	struct buf line = BUF_INIT;
	size_t i;

	openlog("qblock", LOG_PID, LOG_MAIL);
	for (i = 0; i < plan->nsteps; i++) {
		if (plan->step[i].verb == PLAN_SAME)
			continue;
		buf_truncate(&line, 0);
		plan_add_step(&line, plan->step + i, true);
		buf_truncate(&line, line.len - 1);
		buf_adds(&line, ", by ");
		clean_adds(&line, by, TAG_BY);
		buf_adds(&line, ", in ");
		clean_adds(&line, file, QBLOCK_SHOWN);
		if (c->reason != NULL) {
			buf_adds(&line, ": ");
			clean_adds(&line, c->reason, TAG_REASON);
		}
		if (buf_str(&line) != NULL)
			syslog(LOG_NOTICE, "%s", line.data);
	}
	closelog();
	buf_free(&line);
}

/* Entries that somebody wrote and did not make the map of. */
static void
qblock_note_behind(struct block_place *p, const struct qblock_files *files,
    struct buf *out)
{
	struct block_difference diff;
	struct edit text = EDIT_INIT;
	struct buf unused = BUF_INIT;

	if (!files->interrupted && p->server->load(p, &unused) == 0 &&
	    edit_begin(&text, p->server, &files->bytes) == 0 &&
	    p->server->compare(p, &text.map, &diff, &unused) == 0 &&
	    diff.n != 0) {
		buf_addf(out,
		    "note: map and file differ in %zu other entries, as ",
		    diff.n);
		clean_add(out, diff.key.p, diff.key.n, QBLOCK_SHOWN);
		buf_adds(out, ": a new map has what the file says\n");
	}
	edit_free(&text);
	buf_free(&unused);
}

static void
qblock_say(const struct qblock_config *c, const struct plan *plan,
    const struct qblock_files *files, struct buf *out)
{
	size_t i;

	if (c->quiet && plan->nchanges == 0 && !files->interrupted)
		return;
	for (i = 0; i < plan->nsteps; i++)
		plan_add_step(out, plan->step + i, c->yes);
	if (c->action == QBLOCK_CONFIG_EXPIRE && plan->nsteps == 0)
		buf_adds(out, "no block is over\n");
	if (plan->nchanges != 0) {
		buf_adds(out, buf_str(&files->path));
		buf_adds(out, ":\n");
		buf_add(out, plan->edit.diff.data, plan->edit.diff.len);
	}
	buf_add(out, plan->notes.data, plan->notes.len);
}

/* What the plan says, with --yes. */
static int
qblock_do(const struct qblock_config *c, const struct block_place *p,
    struct qblock_files *files, const struct plan *plan, const char *by,
    struct buf *out, struct buf *why)
{
	bool changed;
	int rc;

	qblock_hold_signals();
	if (files->interrupted) {
		if (qblock_apply_rest(files, p, why) != 0)
			return QBLOCK_FAILED;
		buf_adds(out,
		    "made the map that an interrupted run had left"
		    " out\n");
	}
	if (plan->nchanges == 0)
		return QBLOCK_OK;
	rc = qblock_apply(files, p, &plan->edit, &changed, why);
	if (changed)
		qblock_audit(plan, c, p->file, by);
	if (rc != 0)
		return QBLOCK_FAILED;
	buf_addf(out, "%s has it: asked with %s\n", buf_str(&files->map_path),
	    p->server->proof);
	return QBLOCK_OK;
}

static int
qblock_change(const struct qblock_config *c, struct block_place *p,
    const struct names *names, struct buf *out, struct buf *why)
{
	const char *by = qblock_user();
	struct guard guard = { NULL, 0, "" };
	const struct plan_wish wish = qblock_config_wish(c);
	struct plan plan = PLAN_INIT;
	struct plan_env env;
	struct qblock_files files;
	int rc = QBLOCK_FAILED;

	if (qblock_files_open(&files, p, c->yes, why) != 0)
		goto out;
	if (guard_init(&guard) != 0) {
		buf_addf(why, "cannot list the addresses of this host: %s",
		    strerror(errno));
		goto out;
	}
	env = (struct plan_env){ &guard, names, p, by,
		when_wall(&when_system) };
	if (plan_make(&plan, &wish, &env, &files.bytes, why) != 0)
		goto out;
	qblock_say(c, &plan, &files, out);
	if (c->action == QBLOCK_CONFIG_ADD && plan.nchanges != 0)
		qblock_names_suffice(c, p, names, &plan.edit.map, out);
	if (plan.nchanges != 0)
		qblock_note_behind(p, &files, out);
	if (c->yes) {
		rc = qblock_do(c, p, &files, &plan, by, out, why);
		if (rc != QBLOCK_OK)
			buf_truncate(out, 0);
		goto out;
	}
	if (files.interrupted)
		buf_adds(out,
		    "an earlier run was interrupted before it had"
		    " replaced the map\n");
	if (plan.nchanges != 0 || files.interrupted)
		buf_adds(out, "dry run: nothing was changed; --yes does it\n");
	rc = QBLOCK_OK;
out:
	plan_free(&plan);
	guard_free(&guard);
	qblock_files_close(&files);
	return rc;
}

static int
qblock_run(struct qblock_config *c, const struct block_server *server,
    struct buf *out, struct buf *why)
{
	const struct block_given given = qblock_config_given(c);
	struct names names;
	struct block_place *place;
	int rc = QBLOCK_FAILED;

	if (c->action == QBLOCK_CONFIG_HELP) {
		cli_add_help(&qblock_config_cli, out);
		return QBLOCK_OK;
	}
	if (c->action == QBLOCK_CONFIG_VERSION) {
		cli_add_version(&qblock_config_cli, out);
		return QBLOCK_OK;
	}
	if (c->map != NULL && c->cf != NULL) {
		buf_adds(why,
		    "--map and --cf: one of them says where the access map is,"
		    " not both");
		return QBLOCK_FAILED;
	}
	if ((place = server->find(&given, why)) == NULL)
		return QBLOCK_FAILED;
	names_init(&names);
	if (qblock_names_find(c, place, &names, why) == 0)
		rc = c->action == QBLOCK_CONFIG_LIST ||
			c->action == QBLOCK_CONFIG_CHECK ?
		    qblock_look(c, place, &names, out, why) :
		    qblock_change(c, place, &names, out, why);
	names_free(&names);
	server->free(place);
	return rc;
}

int
main(int argc, char **argv)
{
	const struct block_server *server = blocks_server();
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct qblock_config c;
	int rc;

	/* A limit of file size is an error to be told. */
	signal(SIGXFSZ, SIG_IGN);
	if (qblock_config_parse(&c, server, argc, argv, &why) != 0) {
		buf_adds(&why, "; see --help");
		rc = QBLOCK_FAILED;
	} else {
		rc = qblock_run(&c, server, &out, &why);
	}
	rc = tool_end(&qblock_config_cli, argc, argv, rc, &out, &why);
	qblock_config_free(&c);
	buf_free(&out);
	buf_free(&why);
	return rc;
}
