#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qflush_runners.t - queue runs of either build of sendmail, with locks of
# flock(2) or of fcntl(2), while qflush takes one relay's mail out again and
# again
#
# The runs are stand-ins that do what strace shows of sendmail: Debian has no
# build with fcntl(2). t/real/qflush.t does the same with the real one.
use strict;
use warnings;

use Fcntl qw(:DEFAULT);
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Flush;
use POSIX qw(_exit);
use Test::More;

my $RUNNERS = 3;
my $ROUNDS = 25;
my $FLOOD = 150;
my $OTHERS = 100;

my $dir = tempdir();

sub note_to {
	my ($file, $line) = @_;
	sysopen my $fh, $file, O_WRONLY | O_APPEND | O_CREAT or die;
	syswrite $fh, "$line\n";
}

# One message as a queue run does it: lock, see that it is the same file, then
# deliver it or queue it anew.
sub run_one {
	my ($queue, $id, $lock, $log) = @_;
	my $qf = "$queue/qf$id";
	my $fh = eval { $lock->($qf) } or return;
	my @locked = stat $fh;
	my @named = stat $qf;
	return if !@named || "@locked[0, 1, 3, 7]" ne "@named[0, 1, 3, 7]";
	my $text = do { local $/; <$fh> };
	my $body = -e "$queue/df$id" ? slurp("$queue/df$id") : 'none';
	if (rand() < 0.1) {
		note_to($log, "$id " . ($body eq "body of $id\n" ? 'ok'
		    : "body: $body"));
		unlink "$queue/df$id", $qf;
		return;
	}
	sysopen my $tf, "$queue/tf$id", O_RDWR | O_CREAT | O_EXCL or return;
	close $tf;
	$tf = $lock->("$queue/tf$id");
	syswrite $tf, $text;
	rename "$queue/tf$id", $qf or die "rename: $!\n";
}

sub start_runner {
	my ($queue, $lock, $log, $go) = @_;
	my $pid = fork // die "fork: $!\n";
	return $pid if $pid;
	srand $$;
	while (-e $go) {
		opendir my $dh, $queue or _exit(1);
		for (grep { /^qf/ } readdir $dh) {
			run_one($queue, substr($_, 2), $lock, $log) if -e $go;
		}
	}
	_exit(0);
}

# What is wrong: a message is once in the queue, or was delivered once.
sub losses {
	my ($queue, $log, @ids) = @_;
	my (%there, @wrong);
	for (-e $log ? split /\n/, slurp($log) : ()) {
		my ($id, $what) = split / /, $_, 2;
		push @{$there{$id}}, $what;
	}
	my $found = places($queue);
	for my $id (keys %$found) {
		push @{$there{$id}}, grep { $found->{$id}{$_} } qw(q h);
		push @wrong, "$id: no body" if !$found->{$id}{d}
		    || $found->{$id}{d}[0]{text} ne "body of $id\n";
	}
	for (@ids) {
		my @is = @{$there{$_} // []};
		push @wrong, "$_: " . (join(', ', @is) || 'lost')
		    if @is != 1 || $is[0] =~ /body/;
	}
	return @wrong;
}

for my $kind (['flock', \&lock_flock], ['fcntl', \&lock_fcntl]) {
	my ($name, $lock) = @$kind;
	my ($queue, $log, $go) = map { "$dir/$_.$name" } qw(mqueue log go);
	my @q = ('-q', $queue, '--journal', "$dir/journal", '--yes');
	my ($flood, $others) = flood_queue($queue, $FLOOD, $OTHERS);
	spew("$queue/df$_", "body of $_\n") for @$flood, @$others;
	spew($go, '');
	my @runners = map { start_runner($queue, $lock, $log, $go) }
	    1 .. $RUNNERS;
	my ($busy, $held, @failed) = (0, 0);
	for my $round (1 .. $ROUNDS) {
		my $r = qflush(@q, $round % 2 ? ('--max', '100%') :
		    '--release', SPAMMER);
		push @failed, "$r->{code} $r->{out}$r->{err}"
		    if $r->{code} > 1 || $r->{err} ne '';
		$busy += $r->{out} =~ /^  (\d+) busy/m ? $1 : 0;
		$held += $r->{out} =~ /\Aheld (\d+)/ ? $1 : 0;
		# New ones, so that there is always something to do.
		my ($more) = flood_queue("$dir/new.$name", 20, 0,
		    first => 1000 + 20 * $round);
		for (@$more) {
			spew("$queue/df$_", "body of $_\n");
			rename "$dir/new.$name/qf$_", "$queue/qf$_" or die;
		}
		push @$flood, @$more;
	}
	unlink $go;
	waitpid $_, 0 for @runners;
	is_deeply(\@failed, [], "$name: $ROUNDS rounds");
	cmp_ok($held, ">", 50, "... $held were held");
	cmp_ok($busy, '>', 0, "... $busy were busy");
	is_deeply([losses($queue, $log, @$flood, @$others)], [],
	    '... and each is there once, with its body');
}
done_testing;
