#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qflush_full.t - qflush on file systems with room for no, one, or few more
# control files, and with few descriptors
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Flush;
use Test::More;

need('root', 'mount', 'umount');

my $FLOOD = 24;		# messages
my $PAGE = 4096;	# what a file takes at least, on a tmpfs

my $dir = tempdir();
my $small = "$dir/small";
mkdir $small or die "$small: $!\n";
my @journal = ('--journal', "$dir/journal");
my @all = ('--yes', '--max', '100%', SPAMMER);

# A tmpfs with a queue on it, and room for so many pages, or inodes, more.
sub small_disk {
	my ($free, $inodes) = @_;
	run('umount', $small);
	my $options = 'size=1m' . (defined $inodes ? ',nr_inodes=' .
	    (2 * ($FLOOD + 1) + 2 + $inodes) : '');
	my $r = run('mount', '-t', 'tmpfs', '-o', $options, 'small', $small);
	$r->{code} == 0 or die $r->{err};
	flood_queue("$small/q", $FLOOD, 1);
	return if !defined $free;
	open my $fh, '>', "$small/fill" or die;
	1 while syswrite $fh, 'x' x $PAGE;
	truncate $fh, (-s "$small/fill") - $free * $PAGE or die;
}

sub flush_small {
	my (@args) = @_;
	return qflush('-q', "$small/q", @journal, @args);
}

my $held = "df @{[$FLOOD + 1]}, hf $FLOOD, qf 1";
my $queued = "df @{[$FLOOD + 1]}, qf @{[$FLOOD + 1]}";

for my $free (1, 5, $FLOOD + 8) {
	small_disk($free);
	my $before = snapshot("$small/q");
	my $r = flush_small(@all);
	is($r->{code}, 0, "room for $free more") or diag explain $r;
	is(kinds("$small/q"), $held, '... all are held');
	$r = flush_small('--release', '--yes', SPAMMER);
	is($r->{code}, 0, '... and released') or diag explain $r;
	is_deeply(snapshot("$small/q"), $before, '... as they were');
}

small_disk(0);
my $r = flush_small(@all);
is($r->{code}, 2, 'room for none');
is($r->{err}, "qflush: stopped, its new text cannot be written: No space left"
    . " on device\n", '... is told');
like($r->{out}, qr{^full: \Q$small\E/q is on the file system \Q$small\E, which has 0 kB of 1\.0 MB free, and \d+ of \d+ inodes; a new control file needs 4 kB and an inode$}m,
    '... which file system it is, and how much is missing') or
    diag $r->{out};
like($r->{out}, qr/^  @{[$FLOOD - 1]} not tried$/m,
    '... and not to do the same again');
is(kinds("$small/q"), $queued, '... nothing was changed');
$r = flush_small('--move', "$small/moved", @all);
like($r->{out}, qr/\Amoved $FLOOD /, 'there is room to move them away')
    or diag explain $r;
is(kinds("$small/q"), 'df 1, qf 1', '... all of them');

small_disk(undef, 0);
$r = flush_small(@all);
is($r->{code}, 2, 'no inodes');
like($r->{out}, qr/^full: .*, and 0 of \d+ inodes; /m, '... is told')
    or diag explain $r;
$r = flush_small('--delete', @all);
like($r->{out}, qr/\Adeleted $FLOOD /, '... and to delete needs none')
    or diag explain $r;

# The journal is on the disk that is full.
small_disk(0);
$r = qflush('-q', "$small/q", '--journal', "$small/journal", '--delete', @all);
is($r->{code}, 2, 'no room for the journal');
like($r->{err}, qr/^qflush: the journal \Q$small\E\/journal can't be written: No space left on device; .*--journal FILE$/,
    '... another one is the way out');
is(kinds("$small/q"), $queued, '... nothing was changed');
small_disk(1);
spew("$small/journal", 'x' x ($PAGE - 700) . "\n");
chmod 0600, "$small/journal";
$r = qflush('-q', "$small/q", '--journal', "$small/journal", '--delete', @all);
like($r->{out}, qr/\Adeleted $FLOOD /,
    'room for some lines at first: what is deleted makes more')
    or diag explain $r;
unlike(slurp("$small/journal"), qr/\tpending /, '... and none is left pending');
run('umount', $small);

# --- few descriptors ---------------------------------------------------------

flood_queue("$dir/q", $FLOOD, 1);
for my $limit (7, 12, 20, 64) {
	$r = run('sh', '-c', "ulimit -n $limit; exec \"\$0\" \"\$\@\"", 
	    program('qflush'), '-q', "$dir/q", @journal, @all);
	if ($limit == 7) {
		like($r->{err}, qr/Too many open files; raise the limit of open files: ulimit -n, or LimitNOFILE= of its systemd unit$/,
		    'too few descriptors: the remedy is not another journal');
		next;
	}
	is($r->{code}, 0, "$limit descriptors") or diag explain $r;
	is(kinds("$dir/q"), $held, '... all are held');
	qflush('-q', "$dir/q", @journal, '--release', '--yes', SPAMMER);
}
done_testing;
