/* Watches a few pixels of the X screen and prints each change of their mean colour.
 *
 *   sampler X Y WIDTH HEIGHT INTERVAL_US
 *
 * A line is "PREVIOUS BEGAN SEEN RED GREEN BLUE": the look that still saw the old colour began at PREVIOUS, the look
 * that saw the new one began at BEGAN and had its pixels at SEEN. Times are ns of CLOCK_MONOTONIC, which is the clock
 * of Python's time.perf_counter_ns() on Linux. A change counts from 7 steps in any channel.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(long long at_ns)
{
    struct timespec t = {at_ns / 1000000000LL, at_ns % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

int main(int count, char **values)
{
    if (count != 6) {
        fprintf(stderr, "usage: sampler X Y WIDTH HEIGHT INTERVAL_US\n");
        return 2;
    }
    int x = atoi(values[1]), y = atoi(values[2]), width = atoi(values[3]), height = atoi(values[4]);
    long long interval = atoll(values[5]) * 1000LL;
    Display *display = XOpenDisplay(NULL);
    if (!display) {
        fprintf(stderr, "sampler: no display\n");
        return 1;
    }
    Window root = DefaultRootWindow(display);
    long last[3] = {-99, -99, -99};
    long long previous = now_ns(), next = previous;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (;;) {
        long long began = now_ns();
        XImage *image = XGetImage(display, root, x, y, width, height, AllPlanes, ZPixmap);
        long long seen = now_ns();
        if (!image)
            return 1;
        long sum[3] = {0, 0, 0};
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++) {
                unsigned long pixel = XGetPixel(image, column, row);
                sum[0] += (pixel >> 16) & 255;
                sum[1] += (pixel >> 8) & 255;
                sum[2] += pixel & 255;
            }
        XDestroyImage(image);
        int changed = 0;
        for (int channel = 0; channel < 3; channel++) {
            sum[channel] /= (long)width * height;
            changed |= labs(sum[channel] - last[channel]) > 6;
        }
        if (changed) {
            printf("%lld %lld %lld %ld %ld %ld\n", previous, began, seen, sum[0], sum[1], sum[2]);
            for (int channel = 0; channel < 3; channel++)
                last[channel] = sum[channel];
        }
        previous = began;
        next += interval;
        if (next < now_ns())
            next = now_ns();
        sleep_until(next);
    }
}
